-- Who works here: the 35 agents and 6 managers of sales_teams.csv, and two invented people.
--
-- Table: teams (sales_teams.csv): sales_agent, manager, regional_office
--
-- What the extract does not say, and what stands in for it:
--   employee id   E- and the name in lower case (the same expression is in measures.sql)
--   e-mail        first.last@example.com
--   hired_on      2016-10-01, the month in which the extract begins; so nobody is in a ramp
--   time zone     that of the regional office's main city
--   HR and admin  invented: alerts need somebody to fall back on, failed sources somebody to tell
-- Five agents (Carl Lin, Carol Thompson, Elizabeth Anderson, Mei-Mei Johns, Natalya Ivanova) have no
-- deal at all. They stay in the list; without history they have no target and are not assessed.
WITH zones (regional_office, time_zone) AS (
    VALUES ('Central', 'America/Chicago'), ('East', 'America/New_York'), ('West', 'America/Los_Angeles')
),

managers AS (
    SELECT DISTINCT manager, regional_office, split_part(manager, ' ', -1) AS surname FROM teams
),

everyone (name, role, title, job_family, manager, unit, regional_office) AS (
    SELECT
        sales_agent, 'rep', 'Sales Agent', 'sales', teams.manager,
        'Maven/' || teams.regional_office || '/Team ' || surname, teams.regional_office
    FROM teams
    JOIN managers USING (manager, regional_office)
    UNION ALL
    SELECT
        manager, 'manager', 'Sales Manager', 'management', NULL,
        'Maven/' || regional_office || '/Team ' || surname, regional_office
    FROM managers
    UNION ALL
    VALUES
        ('Harper Quinn', 'hr', 'HR Partner', 'hr', NULL, 'Maven', 'Central'),
        ('Rowan Ellis', 'admin', 'CRM Administrator', 'it', NULL, 'Maven', 'Central')
)

SELECT
    'E-' || replace(lower(name), ' ', '-') AS employee_id,
    name,
    replace(lower(name), ' ', '.') || '@example.com' AS email,
    role,
    title,
    job_family,
    'E-' || replace(lower(manager), ' ', '-') AS manager_id,
    unit,
    '2016-10-01' AS hired_on,
    NULL AS left_on,
    'en-US' AS locale,
    time_zone
FROM everyone
JOIN zones USING (regional_office)
ORDER BY employee_id

-- Who leads a team, who looks after it, and the managers' private channel.
-- The extract knows no regional managers: a region has none, and what would go to one goes to HR.
--
-- View: people (people.sql)
SELECT
    unit,
    employee_id AS manager_id,
    (SELECT employee_id FROM people WHERE role = 'hr') AS hr_id,
    'managers-' || lower(split_part(name, ' ', -1)) AS channel
FROM people
WHERE role = 'manager'
UNION ALL
SELECT unit, NULL, employee_id, 'managers-maven'
FROM people
WHERE role = 'hr'
ORDER BY unit

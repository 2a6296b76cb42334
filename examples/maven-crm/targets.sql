-- A month's sales target: the mean of the agent's won amount over the three months before (the trailing
-- quarter), half-up to 0.01. The extract has no targets of its own.
--
-- A month has targets once three wholly covered months precede it: 2017-06 is the first. An agent who
-- won nothing in a month of the three has a zero in the mean; one who won nothing in all three has no
-- history, thus no target: the line is not assessed.
--
-- Views: people (people.sql), measures (measures.sql), coverage (coverage.sql)
WITH covered AS (
    SELECT min("from") AS first_day, max("to") AS last_day FROM coverage
),

months AS (
    SELECT CAST(month AS DATE) AS month
    FROM covered, generate_series(
        date_trunc('month', first_day), date_trunc('month', last_day), INTERVAL 1 MONTH
    ) AS calendar (month)
    WHERE month >= first_day AND last_day(month) <= last_day
),

won AS (
    SELECT
        people.employee_id AS owner,
        months.month,
        coalesce(sum(measures.value), 0) AS amount
    FROM people
    CROSS JOIN months
    LEFT JOIN measures
        ON
            measures.employee = people.employee_id
            AND measures.measure = 'won_amount'
            AND date_trunc('month', measures.occurred_on) = months.month
    WHERE people.role = 'rep'
    GROUP BY ALL
),

history AS (
    SELECT
        owner,
        month,
        sum(amount) OVER last_three AS quarter_amount,
        count(*) OVER last_three AS months_known
    FROM won
    WINDOW last_three AS (PARTITION BY owner ORDER BY month ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING)
)

SELECT
    owner,
    'sales' AS indicator,
    strftime(month, '%Y-%m') AS period,
    -- Cents by whole numbers: (2n + 3) // 6 is n / 3, half-up.
    CAST((2 * CAST(100 * quarter_amount AS HUGEINT) + 3) // 6 / 100 AS DECIMAL(18, 2)) AS amount
FROM history
WHERE months_known = 3 AND quarter_amount > 0
ORDER BY owner, month

-- The days for which the CRM reports: from the first closing to the last (2017-03-01 to 2017-12-31).
--
-- Deals are engaged from 2016-10-20 on, but not one closes before 2017-03-01, although afterwards a deal
-- closes on any day. So the earlier closings are not zero, they are missing: October 2016 to February
-- 2017 stay uncovered and are not scored.
--
-- View: measures (measures.sql)
SELECT DISTINCT
    measure,
    min(occurred_on) OVER () AS "from",
    max(occurred_on) OVER () AS "to"
FROM measures
ORDER BY measure

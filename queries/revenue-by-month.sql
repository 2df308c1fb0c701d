-- Revenue by month, the last twelve; growth against the month before.
SELECT
  order_month,
  revenue,
  CASE
    WHEN growth_percent IS NULL THEN ''
    WHEN growth_percent >= 0 THEN '+' || CAST(growth_percent AS varchar) || ' %'
    ELSE CAST(growth_percent AS varchar) || ' %'
  END AS growth
FROM (
  SELECT *, row_number() OVER (ORDER BY order_month DESC) AS age
  FROM {analytics}.monthly_revenue
)
WHERE age <= 12
ORDER BY order_month

-- The ten products that brought the most revenue.
SELECT product_name, category, units_sold, revenue, gross_profit
FROM {analytics}.product_performance
ORDER BY revenue DESC, product_id
LIMIT 10

DROP INDEX deliveries_set_aside;
DROP TABLE queue_days;
DROP TABLE traffic_counted;
DROP TABLE traffic_days;

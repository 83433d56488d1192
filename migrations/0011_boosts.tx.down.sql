DROP INDEX instances_heard;
DROP TABLE boosts;

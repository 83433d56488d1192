-- What is frozen goes back to what it was: the binary before this one knows no way to
-- show it again.
UPDATE posts SET state = CASE state WHEN 'frozen' THEN before_freeze ELSE state END,
  before_away = CASE before_away WHEN 'frozen' THEN before_freeze ELSE before_away END
  WHERE before_freeze <> '';
DROP INDEX severances_membership;
ALTER TABLE severances DROP COLUMN told_at;
ALTER TABLE domain_policies DROP COLUMN purged_at;
ALTER TABLE domain_policies DROP COLUMN suspended_at;
DROP INDEX posts_frozen_group;
DROP INDEX posts_frozen_author;
ALTER TABLE posts DROP COLUMN before_freeze;

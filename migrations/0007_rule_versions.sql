-- What was edited when, so that followme works out anew what an edit concerns, and nothing else. Triggers keep it, whoever edits.

-- One row for each virtual number and each schedule that was ever edited. The higher the version, the later the edit.
CREATE TABLE rule_versions (
  -- 'number': the number itself, its rules, their targets, or its override. 'schedule': the schedule, its windows or exceptions.
  kind TEXT NOT NULL CHECK (kind IN ('number', 'schedule')),
  -- The virtual number, or the name of the schedule. Not a foreign key: a removal is an edit, too.
  name TEXT NOT NULL,
  -- One more than the highest before this edit.
  version INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX rule_versions_version ON rule_versions (version);

-- Which numbers lead to another one. Few rows do, so these indexes are small.
CREATE INDEX virtual_numbers_leads ON virtual_numbers (fallback) WHERE fallback GLOB 'number:*';
CREATE INDEX rules_leads ON rules (fallback) WHERE fallback GLOB 'number:*';
CREATE INDEX targets_leads ON targets (dial) WHERE dial GLOB 'number:*';
CREATE INDEX overrides_leads ON overrides (value) WHERE value GLOB 'number:*';

-- Caller lists have no version: the failsafe does not know the caller, so no entry of a list changes what it does.

CREATE TRIGGER virtual_numbers_inserted AFTER INSERT ON virtual_numbers BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', NEW.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER virtual_numbers_updated AFTER UPDATE ON virtual_numbers BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', OLD.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions)),
    ('number', NEW.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER virtual_numbers_deleted AFTER DELETE ON virtual_numbers BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', OLD.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER rules_inserted AFTER INSERT ON rules BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', NEW.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER rules_updated AFTER UPDATE ON rules BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', OLD.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions)),
    ('number', NEW.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER rules_deleted AFTER DELETE ON rules BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', OLD.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER targets_inserted AFTER INSERT ON targets BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', NEW.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER targets_updated AFTER UPDATE ON targets BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', OLD.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions)),
    ('number', NEW.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER targets_deleted AFTER DELETE ON targets BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', OLD.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER overrides_inserted AFTER INSERT ON overrides BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', NEW.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER overrides_updated AFTER UPDATE ON overrides BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', OLD.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions)),
    ('number', NEW.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER overrides_deleted AFTER DELETE ON overrides BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('number', OLD.number, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedules_inserted AFTER INSERT ON schedules BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', NEW.name, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedules_updated AFTER UPDATE ON schedules BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', OLD.name, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions)),
    ('schedule', NEW.name, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedules_deleted AFTER DELETE ON schedules BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', OLD.name, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedule_windows_inserted AFTER INSERT ON schedule_windows BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', NEW.schedule, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedule_windows_updated AFTER UPDATE ON schedule_windows BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', OLD.schedule, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions)),
    ('schedule', NEW.schedule, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedule_windows_deleted AFTER DELETE ON schedule_windows BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', OLD.schedule, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedule_exceptions_inserted AFTER INSERT ON schedule_exceptions BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', NEW.schedule, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedule_exceptions_updated AFTER UPDATE ON schedule_exceptions BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', OLD.schedule, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions)),
    ('schedule', NEW.schedule, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

CREATE TRIGGER schedule_exceptions_deleted AFTER DELETE ON schedule_exceptions BEGIN
  INSERT INTO rule_versions (kind, name, version)
  VALUES ('schedule', OLD.schedule, (SELECT ifnull(max(version), 0) + 1 FROM rule_versions))
  ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version;
END;

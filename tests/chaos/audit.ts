// Watches the records of calls from within the database, where nothing that is done to one can be missed: each is closed
// once, and gone on with at most once after that, by what the failsafe tells of the call.
import type { OpenDatabase } from '../../src/store/database/database'

// Closing an open record is followme's, or the failsafe's row does that too: then `failsafe_at` is set by the same change.
const script = `
  CREATE TABLE chaos_faults (call TEXT, fault TEXT);

  CREATE TRIGGER chaos_half_closed AFTER UPDATE ON calls
    WHEN (NEW.ended_at IS NULL) <> (NEW.outcome IS NULL)
    BEGIN INSERT INTO chaos_faults VALUES (NEW.id, 'was closed by half'); END;

  CREATE TRIGGER chaos_changed AFTER UPDATE ON calls
    WHEN (OLD.ended_at IS NOT NULL OR OLD.failsafe_at IS NOT NULL) AND NEW.failsafe_at IS OLD.failsafe_at
      AND (NEW.ended_at IS NOT OLD.ended_at OR NEW.outcome IS NOT OLD.outcome)
    BEGIN INSERT INTO chaos_faults VALUES (NEW.id, CASE WHEN NEW.ended_at IS NULL THEN 'was opened again'
      ELSE 'was closed again: ' || ifnull(OLD.outcome || ' at ' || OLD.ended_at, 'open')
        || ', then ' || ifnull(NEW.outcome || ' at ' || NEW.ended_at, 'open') END); END;

  CREATE TRIGGER chaos_taken_over AFTER UPDATE ON calls
    WHEN NEW.failsafe_at IS NOT OLD.failsafe_at AND (OLD.failsafe_at IS NOT NULL OR NEW.ended_at IS NULL
      OR NOT EXISTS (SELECT 1 FROM failsafe_calls WHERE a_leg = NEW.a_leg AND entered_at = NEW.failsafe_at))
    BEGIN INSERT INTO chaos_faults VALUES (NEW.id, CASE WHEN OLD.failsafe_at IS NOT NULL THEN 'was taken over by the failsafe twice'
      WHEN NEW.ended_at IS NULL THEN 'was taken over by the failsafe, and left open'
      ELSE 'was taken over by the failsafe, which has said nothing of it' END); END;

  CREATE TRIGGER chaos_removed AFTER DELETE ON calls
    BEGIN INSERT INTO chaos_faults VALUES (OLD.id, 'was removed'); END;`

/** From now on every change of a record is watched. */
export function startAudit({ sqlite }: OpenDatabase): void {
  sqlite.exec(script)
}

/** What has been done to records that may not be, in words. */
export function auditFaults({ sqlite }: OpenDatabase): readonly string[] {
  const rows = sqlite.prepare<[], { call: string; fault: string }>('SELECT call, fault FROM chaos_faults').all()
  return rows.map(({ call, fault }) => `record ${call} ${fault}`)
}

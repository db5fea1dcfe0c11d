// The tables for Kysely, written by hand; a test compares them with the migrated database.
import type { Generated, GeneratedAlways } from 'kysely'
import type { CallerIdPolicy } from '../../rules/shown-caller'
import type { AttemptOutcome, CallOutcome, CallRecord, EndedBy } from '../../call/record'
import type { PolicyRow } from '../../rules/dial-policy'
import type { Override } from '../../rules/rule'
import type { TrunkRow } from '../../rules/trunks'

/** 0 or 1: SQLite has no booleans. */
export type Flag = 0 | 1

/** Tables by name, columns by name. Instants are text: `2026-11-22T11:48:12.345Z`. */
export interface Schema {
  schedules: { name: string; time_zone: string }
  schedule_windows: { schedule: string; opens: string; minutes: number }
  schedule_exceptions: {
    schedule: string
    from_date: string
    to_date: string
    opens_at: string | null
    closes_at: string | null
    label: string | null
  }
  caller_lists: { name: string }
  caller_list_entries: { list: string; pattern: string }
  virtual_numbers: {
    number: string
    label: Generated<string>
    enabled: Generated<Flag>
    time_zone: string
    fallback: Generated<string>
    max_calls: number | null
    caller_id: string | null
    fallback_full: string | null
    caller_id_policy: Generated<CallerIdPolicy>
    name_prefix: string | null
    alert_info: string | null
  }
  rules: {
    number: string
    name: string
    position: number
    schedule: string | null
    callers: string | null
    valid_from: string | null
    valid_until: string | null
    enabled: Generated<Flag>
    fallback: string | null
  }
  targets: {
    number: string
    rule: string
    step: number
    dial: string
    ring_seconds: Generated<number>
    enabled: Generated<Flag>
  }
  overrides: {
    number: string
    kind: Override['kind']
    value: string | null
    expires_at: string | null
    set_by: string | null
    set_at: Generated<string>
  }
  dial_policy: {
    prefix: string
    verdict: PolicyRow['verdict']
    max_calls: number | null
    max_per_hour: number | null
    max_minutes_day: number | null
    note: string | null
  }
  trunks: {
    name: string
    position: number
    dial: string
    shows: TrunkRow['shows']
    diversion: string | null
    max_calls: number | null
    private: Generated<Flag>
    enabled: Generated<Flag>
  }
  trunk_prefixes: {
    trunk: string
    prefix: string
  }
  target_limits: {
    dial: string
    max_calls: Generated<number>
    wrap_up_seconds: Generated<number>
  }
  failsafe: {
    number: string
    step: number
    entry: GeneratedAlways<string>
    dial: string | null
    ring_seconds: number | null
    fallback: string | null
    rule: string | null
    computed_at: string
    talk_seconds: number | null
    limited_dial: string | null
    limits: string | null
    max_calls: number | null
    full_step: number | null
    outside_caller: string | null
    inside_caller: string | null
    name_prefix: string | null
    alert_info: string | null
    private_dial: string | null
    diversion: string | null
    instead_of: string | null
  }
  calls: {
    id: string
    number: string
    caller_number: string
    caller_name: string
    a_leg: string
    started_at: string
    answered_at: string | null
    ended_at: string | null
    outcome: CallOutcome | null
    ended_by: EndedBy | null
    cause: number | null
    decision: CallRecord['decision']
    rule: string | null
    plan: string
    fallback: string | null
    answered_by: string | null
    ring_ms: number | null
    talk_ms: number | null
    recovered: Generated<Flag>
    failsafe_at: string | null
    server: string | null
    reason: string | null
    came_from: string | null
  }
  attempts: {
    call: string
    step: number
    target: number
    leg: string
    dial: string
    started_at: string
    ringing_at: string | null
    answered_at: string | null
    ended_at: string | null
    outcome: AttemptOutcome | null
    cause: number | null
    sip_code: number | null
    dialled_at: string | null
    reason: string | null
    contact: string | null
    try: number
    trunk: string | null
  }
  replacements: {
    call: string
    position: number
    step: number | null
    target: number | null
    leg: string
    who: string
    at: string
    try: number | null
  }
  failsafe_calls: {
    id: Generated<number>
    a_leg: Generated<string>
    number: Generated<string>
    caller_number: Generated<string>
    caller_name: Generated<string>
    entered_at: Generated<string>
    plan_at: Generated<string>
    tried: Generated<string>
    dialling: Generated<string>
    dial_status: Generated<string>
    answered_ms: Generated<string>
    answered_by: Generated<string>
    hung_up_by: Generated<string>
    ending: Generated<string>
    ending_at: Generated<string>
    fallback: Generated<string>
    cause: Generated<string>
    ended_at: Generated<string>
    fault: string | null
  }
  dialled_forms: {
    form: string
    number: string
  }
  rule_versions: {
    kind: 'number' | 'schedule'
    name: string
    version: number
  }
  /** A view for Asterisk: the dialled forms that belong to only one virtual number. */
  dialled_numbers: {
    form: string | null
    number: string | null
  }
  schema_migrations: {
    origin: 'followme' | 'site'
    version: number
    name: string
    checksum: string
    applied_at: string
    duration_ms: number
  }
  migration_files: {
    id: Generated<number>
    version: number
    event: 'applied' | 'accepted'
    at: string
    name: string | null
    checksum: string | null
    text: string | null
  }
  migration_refusal: {
    id: number
    at: string
    reason: string
  }
}

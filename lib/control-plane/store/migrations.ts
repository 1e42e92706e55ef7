/**
 * What control.db looks like, as the steps that lead there. A step is never edited once released: add another.
 * `PRAGMA user_version` holds the number of steps applied.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- Facts of this home as a whole: address_block, daemon_epoch.
  CREATE TABLE home_facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY COLLATE NOCASE,
    display_name TEXT NOT NULL,
    tenant_id TEXT NOT NULL
  ) STRICT;

  CREATE TABLE resource_groups (
    subscription_id TEXT NOT NULL COLLATE NOCASE REFERENCES subscriptions (id),
    name TEXT NOT NULL COLLATE NOCASE,
    location TEXT NOT NULL,
    tags TEXT NOT NULL,               -- JSON object
    state TEXT NOT NULL,              -- ARM's provisioningState: Succeeded, Deleting
    created_at INTEGER NOT NULL,      -- milliseconds since 1970, as every *_at here
    PRIMARY KEY (subscription_id, name)
  ) STRICT;

  -- A server's row outlives the server: deleted_at makes it a tombstone (names, audit, recovery).
  CREATE TABLE servers (
    id TEXT PRIMARY KEY,              -- immutable; folders are named by it
    subscription_id TEXT NOT NULL COLLATE NOCASE,
    resource_group TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    location TEXT NOT NULL,           -- short form: westeurope
    intent TEXT NOT NULL,             -- JSON, newest ARM shape, no secret in it
    state TEXT NOT NULL,              -- ARM's ServerState
    state_reason TEXT,                -- a sentence for people, when there is something to say
    overrides TEXT NOT NULL,          -- JSON object: system variables that a person set, name to value
    pending_restart TEXT NOT NULL,    -- JSON list: names of overrides that wait for mysqld's next start
    address TEXT NOT NULL,            -- 127.83.x.y
    port INTEGER,                     -- null until the create operation has found a free one
    front TEXT NOT NULL,              -- what the gateway does for it: none, closed (says why), open, held, switching
    epoch INTEGER NOT NULL,           -- rises with each change of who is primary; fences older ones
    ha_state TEXT NOT NULL,           -- ha/state-machine.ts: NotEnabled, CreatingStandby, Healthy …
    ha_reason TEXT,                   -- why, a sentence for people
    ha_since INTEGER,                 -- when it came into that state
    replication_port INTEGER,         -- of the gateway's private listener; null until a standby was first wanted
    revision INTEGER NOT NULL,        -- rises with each change of intent or state
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX servers_live_name ON servers (name) WHERE deleted_at IS NULL;
  CREATE UNIQUE INDEX servers_live_address ON servers (address) WHERE deleted_at IS NULL;
  CREATE INDEX servers_in_group ON servers (subscription_id, resource_group) WHERE deleted_at IS NULL;

  CREATE TABLE instances (
    id TEXT PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES servers (id),
    role TEXT NOT NULL,               -- primary, standby (later: replica, restore, verification)
    zone TEXT NOT NULL,
    runtime_id TEXT NOT NULL,
    mysql_server_id INTEGER NOT NULL UNIQUE,
    desired TEXT NOT NULL,            -- running or stopped
    pid INTEGER,
    process_started_at TEXT,          -- field 22 of /proc/PID/stat with the boot id: tells a reused pid
    restarts TEXT NOT NULL,           -- JSON list: when it was started again after dying, for the bounded policy
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX instances_of_server ON instances (server_id);

  -- What happened when another instance became primary.
  CREATE TABLE failovers (
    id TEXT PRIMARY KEY,              -- the operation's id
    server_id TEXT NOT NULL REFERENCES servers (id),
    kind TEXT NOT NULL,               -- planned, forced, automatic
    status TEXT NOT NULL,             -- InProgress, Succeeded, Failed
    from_zone TEXT NOT NULL,
    to_zone TEXT NOT NULL,
    reason TEXT NOT NULL,             -- a sentence for people
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    writes_stopped_at REAL,           -- from when on the old primary took no more writes
    downtime_ms REAL                  -- from then until clients reached the new one
  ) STRICT;
  CREATE INDEX failovers_of_server ON failovers (server_id, started_at);

  CREATE TABLE firewall_rules (
    server_id TEXT NOT NULL REFERENCES servers (id),
    name TEXT NOT NULL COLLATE NOCASE,
    start_ip TEXT NOT NULL,
    end_ip TEXT NOT NULL,
    PRIMARY KEY (server_id, name)
  ) STRICT;

  CREATE TABLE operations (
    id TEXT PRIMARY KEY,              -- GUID, part of the polling URL
    kind TEXT NOT NULL,
    server_id TEXT,
    subscription_id TEXT NOT NULL COLLATE NOCASE,
    location TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    api_version TEXT NOT NULL,        -- of the request that began it
    exclusive INTEGER NOT NULL,       -- 1: no other exclusive one on the same server beside it
    input TEXT NOT NULL,              -- JSON, no secret in it
    status TEXT NOT NULL,             -- InProgress, Succeeded, Failed, Canceled
    direction TEXT NOT NULL,          -- forward or undo
    stage TEXT NOT NULL,              -- what it is doing, in words
    error TEXT,                       -- JSON ErrorDetail
    caller TEXT NOT NULL,             -- JSON: principal, correlation id, client address
    sequence INTEGER NOT NULL UNIQUE, -- order of beginning
    started_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX operations_one_at_a_time ON operations (server_id) WHERE exclusive = 1 AND status = 'InProgress';
  CREATE INDEX operations_running ON operations (status) WHERE status = 'InProgress';

  CREATE INDEX operations_ended ON operations (ended_at);

  CREATE TABLE operation_steps (
    operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    state TEXT NOT NULL,              -- started, done, skipped, undone
    at INTEGER NOT NULL,
    PRIMARY KEY (operation_id, step)
  ) STRICT;

  CREATE TABLE activity_events (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    subscription_id TEXT NOT NULL COLLATE NOCASE,
    resource_group TEXT COLLATE NOCASE,
    resource_id TEXT NOT NULL COLLATE NOCASE,
    correlation_id TEXT NOT NULL,
    event TEXT NOT NULL               -- JSON, EventData of Microsoft.Insights 2015-04-01
  ) STRICT;
  CREATE INDEX activity_events_by_time ON activity_events (subscription_id, at);

  CREATE TABLE accounts (
    object_id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    display_name TEXT NOT NULL,
    password_hash TEXT                -- scrypt, null until a password was set
  ) STRICT;

  CREATE TABLE service_principals (
    object_id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    secret_hash TEXT NOT NULL
  ) STRICT;

  CREATE TABLE role_assignments (
    id TEXT PRIMARY KEY,
    principal_id TEXT NOT NULL,
    role TEXT NOT NULL,               -- Owner, Contributor, Reader
    scope TEXT NOT NULL COLLATE NOCASE
  ) STRICT;

  CREATE TABLE sign_in_links (
    secret_hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (object_id),
    expires_at INTEGER NOT NULL,
    used_at INTEGER
  ) STRICT;

  CREATE TABLE issuer_records (
    model TEXT NOT NULL,
    id TEXT NOT NULL,
    payload TEXT NOT NULL,
    grant_id TEXT,
    user_code TEXT,
    uid TEXT,
    expires_at INTEGER,
    PRIMARY KEY (model, id)
  ) STRICT;
  CREATE INDEX issuer_records_grant ON issuer_records (grant_id);
  `,
  `
  CREATE TABLE locks (
    scope TEXT NOT NULL COLLATE NOCASE, -- id of a subscription, resource group or resource
    name TEXT NOT NULL COLLATE NOCASE,
    level TEXT NOT NULL,              -- CanNotDelete or ReadOnly
    notes TEXT,
    owners TEXT NOT NULL,             -- JSON list
    created_at INTEGER NOT NULL,
    PRIMARY KEY (scope, name)
  ) STRICT;
  `,
  `
  -- Failovers that were rehearsed under a writer of the control plane's own, with what it saw.
  CREATE TABLE failover_rehearsals (
    id TEXT PRIMARY KEY,              -- the operation's id; its schema and account are named by it
    server_id TEXT NOT NULL REFERENCES servers (id),
    name TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL,               -- Planned, Forced, KillPrimary, FreezePrimary
    writers INTEGER NOT NULL,
    state TEXT NOT NULL,              -- Running, Succeeded, Failed
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    has_traces INTEGER NOT NULL,      -- 1: its schema and account may be on the server, and it is let in
    has_written INTEGER NOT NULL,     -- 1: its writers were started; what they know dies with the daemon
    error TEXT,                       -- JSON ErrorDetail
    report TEXT,                      -- JSON
    samples TEXT                      -- JSON
  ) STRICT;
  CREATE UNIQUE INDEX failover_rehearsals_of_server ON failover_rehearsals (server_id, name);
  `,
  `
  -- What Azure Monitor keeps in resource groups: action groups, alert rules, alert processing rules.
  CREATE TABLE monitor_resources (
    type TEXT NOT NULL,               -- actionGroups, metricAlerts, actionRules
    subscription_id TEXT NOT NULL COLLATE NOCASE,
    resource_group TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL COLLATE NOCASE,
    id TEXT NOT NULL UNIQUE,          -- immutable; another one of the same name is another resource
    tags TEXT NOT NULL,               -- JSON object
    properties TEXT NOT NULL,         -- JSON, as ARM has them
    signing_secret TEXT,              -- of an action group: what signs the bodies of its webhooks
    evaluated_to INTEGER,             -- of an alert rule: the end of the last window that was looked at
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (type, subscription_id, resource_group, name)
  ) STRICT;

  -- How a rule stands with each of its servers.
  CREATE TABLE alert_conditions (
    rule_id TEXT NOT NULL,
    server_id TEXT NOT NULL,
    status TEXT NOT NULL,             -- Healthy, Unhealthy, NoData
    healthy_looks INTEGER NOT NULL,   -- in a row, while an alert is fired
    alert_id TEXT,                    -- the alert that is fired
    evaluated_at INTEGER NOT NULL,
    PRIMARY KEY (rule_id, server_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL,
    rule_resource_id TEXT NOT NULL,
    rule_name TEXT NOT NULL,
    subscription_id TEXT NOT NULL COLLATE NOCASE,
    resource_group TEXT NOT NULL COLLATE NOCASE,
    server_id TEXT NOT NULL,
    target TEXT NOT NULL COLLATE NOCASE, -- ARM id
    description TEXT NOT NULL,
    severity INTEGER NOT NULL,
    monitor_condition TEXT NOT NULL,  -- Fired, Resolved
    state TEXT NOT NULL,              -- New, Acknowledged, Closed
    suppressed INTEGER NOT NULL,      -- 1: an alert processing rule kept its notifications back
    fired_at INTEGER NOT NULL,
    resolved_at INTEGER,
    modified_at INTEGER NOT NULL,
    modified_by TEXT NOT NULL,
    context TEXT NOT NULL             -- JSON: the condition with the values that met it
  ) STRICT;
  CREATE INDEX alerts_by_time ON alerts (subscription_id, fired_at);

  CREATE TABLE alert_history (
    alert_id TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,              -- AlertCreated, MonitorConditionChange, StateChange
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    by TEXT NOT NULL,
    comments TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alert_history_of_alert ON alert_history (alert_id, at);

  -- Notifications to be delivered, each until its receiver has taken it.
  CREATE TABLE alert_deliveries (
    id TEXT PRIMARY KEY,              -- sent along, so that a receiver knows one that comes twice
    alert_id TEXT,                    -- null for a test
    notification_id TEXT,             -- of a test
    group_id TEXT NOT NULL,           -- monitor_resources.id of the action group, for its secret
    receiver_kind TEXT NOT NULL,      -- Webhook, Email
    receiver TEXT NOT NULL,           -- JSON, as the action group had it
    payload TEXT NOT NULL,            -- JSON: what happened; the body is made of it
    status TEXT NOT NULL,             -- Pending, Delivered, Failed
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    detail TEXT,                      -- what the last attempt ended with, for people
    created_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT;
  CREATE INDEX alert_deliveries_due ON alert_deliveries (next_at) WHERE status = 'Pending';
  CREATE INDEX alert_deliveries_of_alert ON alert_deliveries (alert_id);
  CREATE INDEX alert_deliveries_of_test ON alert_deliveries (notification_id);
  `,
  `
  -- When the server was last stopped; null while it is not: what it starts by itself by.
  ALTER TABLE servers ADD COLUMN stopped_at INTEGER;

  CREATE TABLE auto_starts (
    server_id TEXT PRIMARY KEY REFERENCES servers (id),
    after_days INTEGER NOT NULL,
    attempted_at INTEGER              -- the last start that was begun for it
  ) STRICT;

  CREATE TABLE schedules (
    server_id TEXT NOT NULL REFERENCES servers (id),
    name TEXT NOT NULL COLLATE NOCASE,
    schedule TEXT NOT NULL,           -- JSON of lib/rules/schedules.ts
    changed_at INTEGER NOT NULL,      -- what was due before is not made up for
    last_run TEXT,                    -- JSON: the last time that was due, and what came of it
    PRIMARY KEY (server_id, name)
  ) STRICT;
  `,
  `
  -- Events of the primary that are not enabled: JSON list, for whoever takes over from one that is dead.
  ALTER TABLE servers ADD COLUMN resting_events TEXT NOT NULL DEFAULT '[]';
  `,
  // Backups: what lies in the backup stores, and what is known of it.
  `
  -- An unbroken stretch of a server's log. Moments are microseconds since 1970, strictly rising within a server.
  CREATE TABLE log_chains (
    id TEXT PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES servers (id),
    started_at INTEGER NOT NULL,      -- moment from which on every transaction is archived
    start_gtids TEXT NOT NULL,        -- what had been executed before
    covered_until INTEGER NOT NULL,   -- moment up to which every transaction is known to be archived
    ended_at INTEGER,                 -- null: it goes on
    end_reason TEXT                   -- a sentence for people
  ) STRICT;
  CREATE INDEX log_chains_of_server ON log_chains (server_id, started_at);

  CREATE TABLE log_segments (
    id TEXT PRIMARY KEY,              -- its file is named by it
    server_id TEXT NOT NULL REFERENCES servers (id),
    chain_id TEXT NOT NULL REFERENCES log_chains (id),
    sequence INTEGER NOT NULL,        -- order in the server
    state TEXT NOT NULL,              -- open, closed, damaged
    gtids_before TEXT NOT NULL,       -- all that is archived or was executed before its first transaction
    gtids_after TEXT,                 -- with its own; null while it is open
    previous_moment INTEGER NOT NULL, -- of the last transaction before it, or where the chain begins
    first_moment INTEGER,             -- null: no transaction yet
    last_moment INTEGER,
    transactions INTEGER NOT NULL,
    plain_bytes INTEGER NOT NULL,     -- up to the end of the last transaction that counts
    stored_bytes INTEGER NOT NULL,
    sha256 TEXT,
    instance_id TEXT NOT NULL,        -- whose log it is
    source_file TEXT NOT NULL,        -- where its last transaction begins in that log
    source_position INTEGER NOT NULL,
    last_transaction TEXT,            -- which that is: GTID and microsecond of its commit
    problem TEXT,
    geo_copied_at INTEGER,
    UNIQUE (server_id, sequence)
  ) STRICT;

  CREATE TABLE full_backups (
    id TEXT PRIMARY KEY,              -- its file is named by it
    server_id TEXT NOT NULL REFERENCES servers (id),
    name TEXT NOT NULL COLLATE NOCASE,
    source TEXT NOT NULL,             -- Automatic or Manual
    state TEXT NOT NULL,              -- Creating, Succeeded, Failed, Damaged, Deleting
    chain_id TEXT,
    gtids_at_start TEXT,              -- executed before the copy began: the log is needed from there on
    moment INTEGER,                   -- everything in it was committed by then
    data_bytes INTEGER NOT NULL,
    stored_bytes INTEGER NOT NULL,
    files INTEGER NOT NULL,
    sha256 TEXT,
    version TEXT NOT NULL,
    problem TEXT,
    started_at INTEGER NOT NULL,      -- milliseconds
    completed_at INTEGER,
    geo_copied_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX full_backups_by_name ON full_backups (server_id, name);

  CREATE TABLE backup_events (
    server_id TEXT NOT NULL REFERENCES servers (id),
    moment INTEGER NOT NULL,
    gtid TEXT NOT NULL,
    event TEXT NOT NULL               -- JSON: kind, database, table, statement, rows
  ) STRICT;
  CREATE INDEX backup_events_by_time ON backup_events (server_id, moment);

  CREATE TABLE backup_verifications (
    id TEXT PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES servers (id),
    started_at INTEGER NOT NULL,
    result TEXT NOT NULL              -- JSON
  ) STRICT;
  CREATE INDEX backup_verifications_by_time ON backup_verifications (server_id, started_at);

  CREATE TABLE backup_settings (
    server_id TEXT PRIMARY KEY REFERENCES servers (id),
    settings TEXT NOT NULL            -- JSON
  ) STRICT;

  CREATE TABLE restores (
    operation_id TEXT PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES servers (id),
    restore TEXT NOT NULL             -- JSON: plan and progress
  ) STRICT;
  CREATE INDEX restores_of_server ON restores (server_id);
  `,
  `
  -- How servers did: each row holds until the next one.
  CREATE TABLE server_health (
    server_id TEXT NOT NULL REFERENCES servers (id),
    at INTEGER NOT NULL,
    state TEXT NOT NULL,              -- Available, Degraded, Unavailable
    reason_type TEXT,                 -- Planned, Unplanned, UserInitiated
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    PRIMARY KEY (server_id, at)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE maintenances (
    name TEXT PRIMARY KEY,
    server_id TEXT NOT NULL REFERENCES servers (id),
    state TEXT NOT NULL,              -- ARM's: Scheduled, ReScheduled, Processing, Completed, Canceled
    to_runtime TEXT NOT NULL,         -- the id of what it brings
    from_version TEXT NOT NULL,
    to_version TEXT NOT NULL,
    announced_at INTEGER NOT NULL,
    start_at INTEGER NOT NULL,        -- not before
    latest_at INTEGER NOT NULL,       -- people may put it off until then
    execution_started_at INTEGER,
    execution_ended_at INTEGER,
    writes_stopped_at INTEGER,
    downtime_ms INTEGER,              -- how long clients could not work, as measured
    reason TEXT                       -- why it was put off, or failed: a sentence for people
  ) STRICT;
  CREATE INDEX maintenances_of_server ON maintenances (server_id, announced_at);
  CREATE UNIQUE INDEX maintenances_ahead ON maintenances (server_id) WHERE state IN ('Scheduled', 'ReScheduled', 'Processing');
  `,
  `
  -- 1: it takes no writes, because its storage is almost full.
  ALTER TABLE servers ADD COLUMN storage_full INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Zones that somebody lost on purpose, to rehearse it: nothing runs there until they are brought back.
  CREATE TABLE lost_zones (
    subscription_id TEXT NOT NULL COLLATE NOCASE,
    location TEXT NOT NULL,
    zone TEXT NOT NULL,
    lost_at INTEGER NOT NULL,
    lost_by TEXT NOT NULL,
    PRIMARY KEY (subscription_id, location, zone)
  ) STRICT;
  `,
  `
  -- The one time by which backups grow old: the clock's, but for jumps ahead.
  CREATE TABLE steady_time (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL,              -- milliseconds since 1970
    ahead_ms INTEGER NOT NULL         -- for so long the clock has been ahead of it
  ) STRICT;
  `,
  `
  -- Ways of servers to another series of MySQL, and what was found when one was checked.
  CREATE TABLE upgrades (
    id TEXT PRIMARY KEY,              -- the operation's
    server_id TEXT NOT NULL REFERENCES servers (id),
    from_version TEXT NOT NULL,
    to_version TEXT NOT NULL,
    status TEXT NOT NULL,             -- InProgress, Succeeded, Failed
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    writes_stopped_at INTEGER,
    downtime_ms INTEGER,              -- how long clients could not work, as measured
    backup TEXT,                      -- name of the full backup that was made before
    problem TEXT
  ) STRICT;
  CREATE INDEX upgrades_of_server ON upgrades (server_id, started_at);
  CREATE TABLE upgrade_checks (
    id TEXT PRIMARY KEY,              -- the operation's
    server_id TEXT NOT NULL REFERENCES servers (id),
    started_at INTEGER NOT NULL,
    result TEXT NOT NULL              -- JSON
  ) STRICT;
  CREATE INDEX upgrade_checks_of_server ON upgrade_checks (server_id, started_at);
  `,
  `
  -- Geo-redundant servers whose backups do not come into the paired location now.
  CREATE TABLE geo_copy_failures (
    server_id TEXT PRIMARY KEY REFERENCES servers (id),
    since INTEGER NOT NULL,
    problem TEXT NOT NULL             -- a sentence for people
  ) STRICT, WITHOUT ROWID;
  `,
];

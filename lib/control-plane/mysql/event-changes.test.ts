import { expect, test } from 'vitest';
import { applyEventChanges, readEventChange } from './event-changes.ts';

const said = (query: string) => readEventChange({ schema: 'here', query });

test('reads what a statement does to an event, as the binary log has it', () => {
  expect(
    said(
      "CREATE DEFINER=`boss`@`%` EVENT `shop`.`a ``b` ON SCHEDULE EVERY 1 HOUR STARTS '2026-01-01' COMMENT 'DISABLE' DO DELETE FROM t",
    ),
  ).toEqual({ kind: 'create', schema: 'shop', name: 'a `b', status: 'ENABLED', ifNotExists: false });
  expect(
    said(
      "create definer=current_user() event if not exists e on schedule at (now() + interval 1 day) disable do set @a = 'ENABLE'",
    ),
  ).toEqual({ kind: 'create', schema: 'here', name: 'e', status: 'DISABLED', ifNotExists: true });
  expect(said('ALTER DEFINER=`a`@`b` EVENT e DISABLE ON REPLICA')).toMatchObject({ status: 'REPLICA_SIDE_DISABLED' });
  expect(said('ALTER EVENT e DISABLE ON SLAVE')).toMatchObject({ status: 'REPLICA_SIDE_DISABLED' });
  expect(said('ALTER EVENT e ON COMPLETION PRESERVE RENAME TO other.f ENABLE DO SELECT 1')).toEqual({
    kind: 'alter',
    schema: 'here',
    name: 'e',
    status: 'ENABLED',
    to: { schema: 'other', name: 'f' },
  });
  expect(said("/* why */ ALTER EVENT e COMMENT 'x'")).toMatchObject({ status: null, to: null });
  expect(said('ALTER EVENT e DO BEGIN SELECT 1; /* DISABLE */ END')).toMatchObject({ status: null });
  expect(said('DROP EVENT IF EXISTS `shop`.e')).toEqual({ kind: 'drop', schema: 'shop', name: 'e' });
  expect(said('DROP DATABASE IF EXISTS `shop`')).toEqual({ kind: 'dropDatabase', schema: 'shop' });
});

test.each(['BEGIN', 'CREATE TABLE event (id INT)', "INSERT INTO t VALUES ('CREATE EVENT e')", 'CREATE DATABASE event'])(
  'reads nothing from %s',
  (query) => expect(said(query)).toBeUndefined(),
);

test('each event ends up as the last statement on it says', () => {
  const before = [
    { schema: 'shop', name: 'old', status: 'DISABLED' },
    { schema: 'shop', name: 'runs', status: 'ENABLED' },
    { schema: 'gone', name: 'e', status: 'DISABLED' },
  ];
  const changes = [
    "ALTER EVENT shop.OLD COMMENT 'still disabled'",
    'ALTER EVENT shop.runs DISABLE',
    'CREATE EVENT shop.new ON SCHEDULE EVERY 1 DAY DO SELECT 1',
    'CREATE EVENT IF NOT EXISTS shop.old ON SCHEDULE EVERY 1 DAY DO SELECT 1',
    'ALTER EVENT shop.new RENAME TO shop.newer',
    'DROP DATABASE gone',
  ].map((query) => said(query)!);
  expect(
    applyEventChanges(before, changes)
      .map(({ name, status }) => `${name} ${status}`)
      .toSorted(),
  ).toEqual(['OLD DISABLED', 'newer ENABLED', 'runs DISABLED']);
});

import { expect, it } from 'vitest';
import { readableDigest } from './digest-text.ts';

it.each([
  [
    'SELECT COUNT ( * ) , SUM ( `amount` ) FROM `orders` WHERE `note` LIKE ?',
    'SELECT COUNT(*), SUM(amount) FROM orders WHERE note LIKE ?',
  ],
  [
    'SELECT `o` . `id` FROM `shop` . `orders` `o` WHERE `o` . `id` IN (...) AND ( `a` = ? OR `b` > ? )',
    'SELECT o.id FROM shop.orders o WHERE o.id IN (...) AND (a = ? OR b > ?)',
  ],
  [
    'INSERT INTO `orders` ( `id` , `key` ) VALUES (?, ...) /* , ... */',
    'INSERT INTO orders(id, `key`) VALUES (?, ...) /*, ... */',
  ],
  ['SELECT `SLEEP` (?) FROM `order` , `my table` . `a``b`', 'SELECT SLEEP(?) FROM `order`, `my table`.`a``b`'],
  ['', ''],
])('%s', (digest, text) => {
  expect(readableDigest(digest)).toBe(text);
});

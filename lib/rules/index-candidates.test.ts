import { expect, it } from 'vitest';
import { indexCandidate } from './index-candidates.ts';

const of = (text: string) => indexCandidate(text, 'shop');

it.each([
  ['SELECT * FROM `orders` WHERE `customer` = ?', ['customer']],
  [
    'SELECT `a` , `b` FROM `shop` . `orders` AS `o` WHERE `o` . `paid` > ? AND `o` . `customer` = ? ORDER BY `a`',
    ['customer', 'paid'],
  ],
  ['SELECT COUNT ( * ) FROM `orders` WHERE `day` BETWEEN ? AND ? AND `customer` IN (...)', ['customer', 'day']],
  ['DELETE FROM `orders` WHERE `customer` = ? LIMIT ?', ['customer']],
  ['UPDATE `orders` SET `paid` = ? WHERE `customer` = ?', ['customer']],
])('%s', (text, columns) => expect(of(text)).toEqual({ database: 'shop', table: 'orders', columns }));

it.each([
  'SELECT * FROM `orders`',
  'SELECT * FROM `orders` WHERE `a` = ? OR `b` = ?',
  'SELECT * FROM `orders` JOIN `lines` ON `a` = `b` WHERE `c` = ?',
  'SELECT * FROM `orders` WHERE `a` IN ( SELECT `b` FROM `t` WHERE `c` = ? )',
  'SELECT * FROM `orders` WHERE LOWER ( `a` ) = ?',
  'SELECT COUNT ( * ) FROM `orders` WHERE `note` LIKE ?',
  'SELECT ?',
  'CALL `p` ( ? )',
])('has no advice for %s', (text) => expect(of(text)).toBeUndefined());

it('needs to know the database', () => expect(indexCandidate('SELECT * FROM `t` WHERE `a` = ?', '')).toBeUndefined());

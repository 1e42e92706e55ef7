import { expect, test } from 'vitest';
import { parseTimeZones } from './time-zones.ts';

test('zones are read from what mysql_tzinfo_to_sql prints', () => {
  const zones = parseTimeZones(`TRUNCATE TABLE time_zone;
INSERT INTO time_zone (Use_leap_seconds) VALUES ('N');
SET @time_zone_id= LAST_INSERT_ID();
INSERT INTO time_zone_name (Name, Time_zone_id) VALUES ('Africa/Abidjan', @time_zone_id);
INSERT INTO time_zone_transition (Time_zone_id, Transition_time, Transition_type_id) VALUES
 (@time_zone_id, -1830383032, 1)
,(@time_zone_id, 5, 0)
;
INSERT INTO time_zone_transition_type (Time_zone_id, Transition_type_id, Offset, Is_DST, Abbreviation) VALUES
 (@time_zone_id, 0, -968, 0, 'LMT')
,(@time_zone_id, 1, 0, 1, 'GMT')
;
INSERT INTO time_zone_name (Name, Time_zone_id) VALUES ('UTC', @time_zone_id);
`);
  expect(zones).toEqual([
    {
      name: 'Africa/Abidjan',
      transitions: [
        [-1830383032, 1],
        [5, 0],
      ],
      types: [
        [0, -968, 0, 'LMT'],
        [1, 0, 1, 'GMT'],
      ],
    },
    { name: 'UTC', transitions: [], types: [] },
  ]);
});

/** Character sets offered when a database is made, the usual one first; others can be set with SQL. */
export const CHARACTER_SETS: readonly { name: string; label: string; collations: readonly string[] }[] = [
  {
    name: 'utf8mb4',
    label: 'Every character there is, emoji too',
    collations: [
      'utf8mb4_0900_ai_ci',
      'utf8mb4_0900_as_cs',
      'utf8mb4_0900_bin',
      'utf8mb4_general_ci',
      'utf8mb4_unicode_ci',
      'utf8mb4_bin',
    ],
  },
  {
    name: 'utf8mb3',
    label: 'Old utf8 without emoji, for older applications',
    collations: ['utf8mb3_general_ci', 'utf8mb3_unicode_ci', 'utf8mb3_bin'],
  },
  { name: 'latin1', label: 'West European', collations: ['latin1_swedish_ci', 'latin1_general_ci', 'latin1_bin'] },
  { name: 'ascii', label: 'ASCII', collations: ['ascii_general_ci', 'ascii_bin'] },
  { name: 'binary', label: 'Bytes', collations: ['binary'] },
];

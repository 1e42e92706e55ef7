/** Names that MySQL reads as something else without backticks, of those that tables and columns are often called by. */
const RESERVED =
  /^(add|all|and|as|asc|by|case|character|check|condition|count|create|cross|database|default|delete|desc|describe|distinct|each|exists|float|for|from|function|group|groups|having|if|in|index|insert|interval|into|is|join|key|keys|kill|left|like|limit|lock|match|not|null|of|on|option|or|order|outer|over|partition|range|rank|read|release|rename|repeat|replace|right|row|rows|schema|select|set|show|sql|system|table|then|to|trigger|union|unique|update|usage|use|user|using|values|when|where|window|with|write)$/i;
/** Words after which a parenthesis begins a function's arguments; after all others it keeps its space. */
const FUNCTIONS =
  /^(ASCII|AVG|BIT_AND|BIT_OR|CAST|CHAR|COALESCE|CONVERT|COUNT|CURDATE|DATE_ADD|DATE_SUB|EXTRACT|GROUP_CONCAT|IF|JSON_ARRAYAGG|JSON_OBJECTAGG|LEFT|MAX|MIN|MOD|NOW|NULLIF|POSITION|REPEAT|REPLACE|REVERSE|RIGHT|ROW_NUMBER|STDDEV|SUBSTRING|SUM|SYSDATE|TRIM|TRUNCATE|VARIANCE)$/;

/**
 * A statement's digest as people write SQL: MySQL puts a space between any two of its parts, and every name in backticks.
 *
 * @param text `SELECT COUNT ( * ) FROM \`shop\` . \`orders\`` becomes `SELECT COUNT(*) FROM shop.orders`.
 */
export function readableDigest(text: string): string {
  let result = '';
  let before = '';
  for (const token of text.match(/`(?:[^`]|``)*`|\S+/g) ?? []) {
    const name = /^`([a-z_$][\w$]*)`$/i.exec(token)?.[1];
    const isTight =
      before === '' ||
      before === '(' ||
      before === '.' ||
      /^(?:[,);]|\.$)/.test(token) ||
      (token.startsWith('(') && (before.startsWith('`') || FUNCTIONS.test(before)));
    result += `${isTight ? '' : ' '}${name !== undefined && !RESERVED.test(name) ? name : token}`;
    before = token;
  }
  return result;
}

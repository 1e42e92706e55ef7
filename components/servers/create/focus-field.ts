/** Fields that are changed in the size pane: the button that opens it stands for them. */
const IN_SIZE_PANE = [
  'skuName',
  'tier',
  'storageGiB',
  'storageAutogrow',
  'iops',
  'iopsMode',
  'backupRetentionDays',
  'geoRedundantBackup',
];

/** Moves the focus to the control of a field, or to what leads to it, and brings it into view. */
export function focusField(field: string): void {
  const wanted = IN_SIZE_PANE.includes(field) ? 'size' : field;
  const anchor = document.querySelector(`[data-field="${CSS.escape(wanted)}"]`);
  const control = [
    ...document.getElementsByName(wanted),
    ...(anchor?.querySelectorAll<HTMLElement>('input, button') ?? []),
  ].find(isReachable);
  control?.focus({ preventScroll: true });
  control?.scrollIntoView({ block: 'center' });
}

function isReachable(element: HTMLElement): boolean {
  return (
    element.closest('[aria-hidden=true]') === null &&
    element.getAttribute('type') !== 'hidden' &&
    element.tabIndex >= 0 &&
    element.getClientRects().length > 0
  );
}

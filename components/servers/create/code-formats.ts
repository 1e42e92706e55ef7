/** The forms in which a change is shown as code, by their names in the address. */
export const CODE_FORMATS = ['az', 'rest', 'bicep', 'terraform'] as const;
export type CodeFormat = (typeof CODE_FORMATS)[number];

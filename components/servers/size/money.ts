/** Dollars as the price list has them. */
export const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

import { createContext } from 'react';

/** True inside a grid, where arrow keys lead from row to row: what only explains itself is no tab stop there. */
export const InGrid = createContext(false);

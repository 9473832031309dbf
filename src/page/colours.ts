/** Models that a page tells apart by colour; further ones begin anew. */
export const MODEL_COLOURS = 12;

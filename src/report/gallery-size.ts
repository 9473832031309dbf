/** How many pictures a report carries unless told otherwise. */
export const GALLERY_SIZE = 48;

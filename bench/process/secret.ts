/** In the form that the settings ask for; it opens nothing but the boxes of a bench. */
export const signingSecret = '0123456789abcdef0123456789abcdef';

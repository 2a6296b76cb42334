// The page loads nothing from elsewhere, by its content policy: what a picture's address means for that.

/** The host of a picture that the page must not load; null for those of the workspace itself. */
export function hostElsewhere(address: string): string | null {
  try {
    const url = new URL(address, window.location.href);
    return url.origin === window.location.origin || url.protocol === "data:" ? null : url.host;
  } catch {
    return null;
  }
}

/** A grey square with a mark, for small pictures within a text: a data address, so it may be shown. */
export const PLACEHOLDER = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" rx="4" fill="#8d9a94"/>' +
    '<path d="M4 15l4-5 3 3 2-2 3 4z" fill="#fff"/></svg>',
)}`;

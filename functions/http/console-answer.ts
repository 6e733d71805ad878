import { codings, type ConsoleFile } from './console-files.ts';

/**
 * What the console may do: load, call and frame what is here, nothing else. The hash is that of the empty text: Fluent UI
 * makes empty style elements and fills them through CSSOM, which the policy does not judge; no text in one would pass.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  vary: 'accept-encoding',
};

const year = 365 * 24 * 60 * 60;

/** The answer with a file of the console, compressed as the browser takes it; 304 where the browser has it. */
export function consoleAnswer(
  { contentType, immutable, tag, content }: ConsoleFile,
  header: (name: string) => string | null,
): { status: number; headers: Record<string, string>; body?: Uint8Array } {
  const coding = codings.find((each) => content[each] !== undefined && accepts(header('accept-encoding') ?? '', each));
  const etag = `"${tag}${coding === undefined ? '' : `-${coding}`}"`;
  const all = {
    ...headers,
    etag,
    'cache-control': immutable ? `public, max-age=${year}, immutable` : 'no-cache',
  };
  if (has(header('if-none-match') ?? '', etag)) return { status: 304, headers: all };
  const body = (coding && content[coding]) ?? content.identity;
  return {
    status: 200,
    headers: {
      ...all,
      'content-type': contentType,
      'content-length': String(body.byteLength),
      ...(coding !== undefined && { 'content-encoding': coding }),
    },
    body,
  };
}

/** RFC 9110 12.5.3. What is not named is not sent, `*` or not: browsers name what they take. */
function accepts(accepted: string, coding: string): boolean {
  return accepted.split(',').some((each) => {
    const [name, ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    return name === coding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

/** RFC 9110 13.1.2: tags are compared without their being weak, which a compressing proxy makes them. */
function has(tags: string, etag: string): boolean {
  return tags.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}

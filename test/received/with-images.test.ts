import { expect, test } from 'vitest';
import { withImages } from '../../functions/received/with-images.ts';

const picture = {
  filename: 'logo.png',
  contentType: 'image/png',
  size: 3,
  contentId: 'logo@contoso',
  disposition: 'inline' as const,
  content: Buffer.from('abc'),
};

test('an image of the mail is put in its place', () => {
  expect(withImages('<p><img alt="Logo" src="cid:logo%40contoso" /></p>', [picture], 'own')).toBe(
    '<p><img alt="Logo" src="data:image/png;base64,YWJj" /></p>',
  );
});

test.each([
  ['is not there', { ...picture, contentId: 'another' }],
  ['is a document', { ...picture, contentType: 'image/svg+xml' }],
  ['is a page', { ...picture, contentType: 'text/html' }],
  ['is huge', { ...picture, size: 9 * 1024 * 1024 }],
])('one that %s is left out', (_why, attachment) => {
  expect(withImages('<img src="cid:logo@contoso" />', [attachment], 'remote')).toBe('<img />');
});

test('pictures used again and again do not make a page without end', () => {
  const large = { ...picture, size: 3 * 1024 * 1024 };
  const shown = withImages('<img src="cid:logo@contoso" />'.repeat(5), [large], 'own');
  expect(shown.match(/data:/g)).toHaveLength(2);
});

test('remote images are shown when they are wanted, over https alone', () => {
  const html = '<img data-src="https://e.example/a.png" /><img data-src="http://e.example/b.png" />';
  expect(withImages(html, [], 'own')).toBe(html);
  expect(withImages(html, [], 'remote')).toBe(
    '<img src="https://e.example/a.png" /><img data-src="http://e.example/b.png" />',
  );
});

test('what a mail says about images is no image', () => {
  const html = 'write src="cid:logo@contoso" or data-src="https://e.example/" &lt;img src="cid:logo@contoso"&gt;';
  expect(withImages(html, [picture], 'remote')).toBe(html);
});

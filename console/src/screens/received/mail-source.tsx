import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';

/** Octets of a mail that are shown: its headers, and what of the rest somebody may want to see. */
const shown = 256 * 1024;

const useStyles = makeStyles({
  source: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    maxHeight: '60vh',
    overflow: 'auto',
    fontFamily: 'ui-monospace, Consolas, monospace',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
  },
});

/** A mail as it came, headers first. */
export function MailSource({ id }: { id: string }) {
  const styles = useStyles();
  const { t } = useTranslation('received');
  const source = useQuery({
    queryKey: ['source', id],
    queryFn: ({ signal }) => readStart(id, signal),
    staleTime: Infinity,
  });
  return (
    <Loaded from={source}>
      {({ text, isWhole }) => (
        <>
          {!isWhole && <Text>{t('sourceCut')}</Text>}
          {/* It scrolls, so it must be reached by keyboard. */}
          <pre className={styles.source} tabIndex={0} role="region" aria-label={t('source')}>
            {text}
          </pre>
        </>
      )}
    </Loaded>
  );
}

/** The beginning of a mail. However large it is, no more than that is asked for. */
async function readStart(id: string, signal: AbortSignal): Promise<{ text: string; isWhole: boolean }> {
  const { data } = await api.GET('/v1/received/{id}/raw', { params: { path: { id } }, parseAs: 'stream', signal });
  const reader = (data as unknown as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  while (length < shown) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), isWhole: true };
    length += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return { text, isWhole: false };
}

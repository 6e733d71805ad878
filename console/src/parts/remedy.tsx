import { Link, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from './code-block.tsx';

const useStyles = makeStyles({
  remedy: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, overflowWrap: 'anywhere' },
  text: { margin: 0 },
});

/** What can be pasted into a shell: Exchange's and Azure's commands, as the API's remedies name them. */
const command = /(\b(?:Add|Connect|Get|New|Set|Update)-[A-Z]\w+ [^();\n]+|\baz [a-z]+ [^();\n]+)/;
const address = /(https:\/\/[^\s,]+[^\s,.])/;

/** A call of the API: what it would do, the console has a button for. */
const call = /\b(?:GET|PUT|POST|PATCH|DELETE) \/v1\//;

/** What to do, in the API's own words, as far as it is not done here: commands can be copied, addresses followed. */
export function Remedy({ text }: { text: string }) {
  const styles = useStyles();
  const { t } = useTranslation('parts');
  const sentences = text.split(/(?<=[.!?])(?=\s)/).filter((sentence) => !call.test(sentence));
  const parts = sentences
    .join('')
    .split(command)
    .filter((part) => part.trim() !== '');
  return (
    <div className={styles.remedy}>
      {parts.map((part, index) =>
        command.test(part) ? (
          <CodeBlock key={index} text={part.trim()} what={t('command')} />
        ) : (
          part.split('\n').map((line, number) => (
            <p key={`${index}.${number}`} className={styles.text}>
              {line.split(address).map((piece, place) =>
                place % 2 === 1 ? (
                  <Link key={place} href={piece} target="_blank" rel="noreferrer" inline>
                    {piece}
                  </Link>
                ) : (
                  piece
                ),
              )}
            </p>
          ))
        ),
      )}
    </div>
  );
}

import { Input, Tag, TagGroup, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FormField } from './fields.tsx';
import type { Form } from './use-form.ts';

const useStyles = makeStyles({
  field: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  tags: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
});

/** A set of short words, such as a From filter: Enter or a comma ends one, Backspace takes the last. */
export function TagsField<V extends object>(props: {
  form: Form<V>;
  name: { [K in keyof V]: V[K] extends readonly string[] ? K : never }[keyof V] & string;
  label: string;
  hint?: string;
  placeholder?: string;
  isRequired?: boolean;
  pointer?: string;
  /** What stands between two words; left out: commas, semicolons and spaces. */
  separator?: RegExp;
}) {
  const { form, name, label, placeholder, separator = /[\s,;]+/ } = props;
  const styles = useStyles();
  const { t } = useTranslation('parts');
  const [typed, setTyped] = useState('');
  const wordsOf = (text: string): string[] =>
    text
      .split(separator)
      .map((word) => word.trim())
      .filter((word) => word !== '');
  const all = form.values[name] as readonly string[];
  // What is being typed counts already, so that a button pressed next needs no other press before: it stays in the input.
  const unfinished = form.hasChanges && wordsOf(typed).every((word) => all.includes(word)) ? typed : '';
  const tags = all.filter((tag) => !wordsOf(unfinished).includes(tag));
  const keep = (finished: readonly string[], rest: string): void => {
    setTyped(rest);
    form.set(name, [...new Set([...finished, ...wordsOf(rest)])] as V[typeof name]);
  };
  const add = (text: string): void => {
    keep([...tags, ...wordsOf(text)], '');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Backspace' && unfinished === '' && tags.length > 0) keep(tags.slice(0, -1), '');
    const isComma = event.key === ',' && separator.test(',');
    if (!isComma && (event.key !== 'Enter' || unfinished === '')) return;
    event.preventDefault();
    add(unfinished);
  };
  const onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData('text');
    if (!separator.test(text.trim())) return;
    event.preventDefault();
    add(unfinished + text);
  };
  return (
    <FormField {...props}>
      <div className={styles.field}>
        <Input
          value={unfinished}
          aria-label={label}
          {...(placeholder !== undefined && { placeholder })}
          autoComplete="off"
          spellCheck={false}
          onChange={(_event, { value }) => {
            keep(tags, value);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {tags.length > 0 && (
          <TagGroup
            className={styles.tags}
            aria-label={label}
            onDismiss={(_event, { value }) => {
              keep(
                tags.filter((tag) => tag !== value),
                unfinished,
              );
            }}
          >
            {tags.map((tag) => (
              <Tag key={tag} value={tag} dismissible size="small" dismissIcon={{ 'aria-label': t('remove') }}>
                {tag}
              </Tag>
            ))}
          </TagGroup>
        )}
      </div>
    </FormField>
  );
}

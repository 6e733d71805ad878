import { Input, Tag, TagGroup, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FormField } from './fields.tsx';
import type { Form } from './use-form.ts';

const useStyles = makeStyles({
  field: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  tags: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
});

/** A set of short words, such as a From filter: Enter, a comma or leaving the field adds one, Backspace takes the last. */
export function TagsField<V extends object>(props: {
  form: Form<V>;
  name: { [K in keyof V]: V[K] extends readonly string[] ? K : never }[keyof V] & string;
  label: string;
  hint?: string;
  placeholder?: string;
  isRequired?: boolean;
  pointer?: string;
}) {
  const { form, name, label, placeholder } = props;
  const styles = useStyles();
  const { t } = useTranslation('parts');
  const [typed, setTyped] = useState('');
  const tags = form.values[name] as readonly string[];
  const keep = (all: readonly string[]): void => {
    form.set(name, [...new Set(all)] as V[typeof name]);
  };
  const add = (text: string): void => {
    const words = text.split(/[\s,;]+/).filter((word) => word !== '');
    setTyped('');
    if (words.length > 0) keep([...tags, ...words]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Backspace' && typed === '') keep(tags.slice(0, -1));
    if (event.key !== ',' && (event.key !== 'Enter' || typed === '')) return;
    event.preventDefault();
    add(typed);
  };
  const onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData('text');
    if (!/[\s,;]/.test(text.trim())) return;
    event.preventDefault();
    add(typed + text);
  };
  return (
    <FormField {...props}>
      <div className={styles.field}>
        <Input
          value={typed}
          aria-label={label}
          {...(placeholder !== undefined && { placeholder })}
          autoComplete="off"
          spellCheck={false}
          onChange={(_event, { value }) => {
            setTyped(value);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => {
            add(typed);
          }}
        />
        {tags.length > 0 && (
          <TagGroup
            className={styles.tags}
            aria-label={label}
            onDismiss={(_event, { value }) => {
              keep(tags.filter((tag) => tag !== value));
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

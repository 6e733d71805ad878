import {
  Checkbox,
  Field,
  FieldContextProvider,
  Input,
  Select,
  SpinButton,
  Switch,
  Textarea,
  type InputProps,
} from '@fluentui/react-components';
import { useEffect, type ReactElement } from 'react';
import type { Form } from './use-form.ts';

/** The names of a form's values of one type. */
type NameOf<V, T> = { [K in keyof V]: V[K] extends T ? K : never }[keyof V] & string;

export interface FieldProps<V extends object, T> {
  readonly form: Form<V>;
  readonly name: NameOf<V, T>;
  readonly label: string;
  readonly hint?: string;
  readonly isRequired?: boolean;
  /** Where the API's body has it; left out: `/<name>`. */
  readonly pointer?: string;
}

/** What the server says about a value stands under its field. */
export function FormField<V extends object>(
  props: Omit<FieldProps<V, unknown>, 'name'> & { name: string; children: ReactElement },
) {
  const { form, name, label, hint, isRequired = false, pointer = `/${name}`, children } = props;
  const { claim } = form;
  useEffect(() => claim(pointer), [claim, pointer]);
  const complaint = form.complaintAt(pointer, name);
  return (
    <Field
      label={label}
      required={isRequired}
      {...(hint !== undefined && { hint })}
      {...(complaint !== undefined && { validationMessage: complaint, validationState: 'error' })}
    >
      {children}
    </Field>
  );
}

export function TextField<V extends object>(
  props: FieldProps<V, string> & Pick<InputProps, 'type' | 'placeholder' | 'autoComplete' | 'inputMode'>,
) {
  const { form, name, type, placeholder, autoComplete = 'off', inputMode } = props;
  return (
    <FormField {...props}>
      <Input
        name={name}
        value={form.values[name] as string}
        {...{ ...(type && { type }), ...(placeholder && { placeholder }), ...(inputMode && { inputMode }) }}
        autoComplete={autoComplete}
        spellCheck={false}
        onChange={(_event, { value }) => {
          form.set(name, value as V[typeof name]);
        }}
      />
    </FormField>
  );
}

export function AreaField<V extends object>(props: FieldProps<V, string> & { rows?: number }) {
  const { form, name, rows = 6 } = props;
  return (
    <FormField {...props}>
      <Textarea
        name={name}
        value={form.values[name] as string}
        rows={rows}
        resize="vertical"
        onChange={(_event, { value }) => {
          form.set(name, value as V[typeof name]);
        }}
      />
    </FormField>
  );
}

/** A whole number; null: left empty. */
export function NumberField<V extends object>(
  props: FieldProps<V, number | null> & { min?: number; max?: number; step?: number },
) {
  const { form, name, min, max, step = 1 } = props;
  const value = form.values[name] as number | null;
  return (
    <FormField {...props}>
      <SpinButton
        name={name}
        value={value}
        displayValue={value === null ? '' : String(value)}
        {...{ ...(min !== undefined && { min }), ...(max !== undefined && { max }) }}
        step={step}
        onChange={(_event, data) => {
          const typed = data.displayValue?.trim() === '' ? null : Number(data.displayValue);
          const number = data.value ?? typed;
          form.set(name, (Number.isFinite(number) ? number : null) as V[typeof name]);
        }}
      />
    </FormField>
  );
}

export function SelectField<V extends object>(
  props: FieldProps<V, string> & { options: readonly { value: string; label: string }[] },
) {
  const { form, name, options } = props;
  return (
    <FormField {...props}>
      <Select
        name={name}
        value={form.values[name] as string}
        onChange={(_event, { value }) => {
          form.set(name, value as V[typeof name]);
        }}
      >
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </FormField>
  );
}

export function SwitchField<V extends object>(props: FieldProps<V, boolean>) {
  const { form, name, label, hint } = props;
  return (
    <Field {...(hint !== undefined && { hint })}>
      <Switch
        name={name}
        label={label}
        checked={form.values[name] as boolean}
        onChange={(_event, { checked }) => {
          form.set(name, checked as V[typeof name]);
        }}
      />
    </Field>
  );
}

/** Several of a few. */
export function ChoicesField<V extends object>(
  props: FieldProps<V, readonly string[]> & { options: readonly { value: string; label: string }[] },
) {
  const { form, name, options } = props;
  const chosen = form.values[name] as readonly string[];
  return (
    <FormField {...props}>
      <div role="group" style={{ display: 'flex', flexDirection: 'column' }}>
        {/* The field's label is the group's: each box has its own. */}
        <FieldContextProvider value={undefined}>
          {options.map(({ value, label }) => (
            <Checkbox
              key={value}
              label={label}
              checked={chosen.includes(value)}
              onChange={(_event, { checked }) => {
                const rest = chosen.filter((each) => each !== value);
                form.set(name, (checked === true ? [...rest, value] : rest) as V[typeof name]);
              }}
            />
          ))}
        </FieldContextProvider>
      </div>
    </FormField>
  );
}

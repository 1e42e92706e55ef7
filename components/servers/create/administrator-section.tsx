'use client';

import { Section } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { PasswordField } from '@/components/ui/password-field';
import { TextButton } from '@/components/ui/text-button';
import { TextField } from '@/components/ui/text-field';
import { suggestedAdministratorLogin } from '@/lib/rules/create-server-form';
import { administratorLoginProblem, passwordRules } from '@/lib/rules/names';
import { cryptoRandom, generatePassword } from '@/lib/rules/password-generator';
import { useCreateForm, useFormField } from './form-fields';

/** Who may sign in to the new server, and with what. */
export function AdministratorSection() {
  const { register, formState, setValue, trigger, getFieldState, watch } = useCreateForm();
  const login = watch('administratorLogin');
  const reserved = administratorLoginProblem(login)?.code === 'BlockedUserName';
  const suggestion = suggestedAdministratorLogin(watch('serverName'));
  const password = useFormField('administratorPassword');
  const confirm = useFormField('confirmPassword');
  const loginError = formState.errors.administratorLogin?.message;

  return (
    <Section title="Administrator">
      <Field label="Sign-in method" labelId="sign-in-method" hintId="sign-in-method-hint">
        <div className="pt-1.5">MySQL name and password</div>
      </Field>
      <TextField
        label="Admin name"
        required
        {...register('administratorLogin', { deps: ['administratorPassword'] })}
        error={loginError ?? (reserved && administratorLoginProblem(login)?.message)}
        description="It can’t be changed later."
        action={
          reserved && (
            <TextButton
              onClick={() =>
                setValue('administratorLogin', suggestion, {
                  shouldDirty: true,
                  shouldTouch: true,
                  shouldValidate: true,
                })
              }
            >
              Use “{suggestion}”
            </TextButton>
          )
        }
      />
      <PasswordField
        label="Password"
        required
        name="administratorPassword"
        value={password.value}
        onBlur={password.onBlur}
        onChange={(value) => {
          password.type(value);
          if (getFieldState('confirmPassword').isTouched) void trigger('confirmPassword');
        }}
        error={password.error}
        rules={ruleWords(password.value)}
        generate={() => {
          const generated = generatePassword(cryptoRandom);
          setValue('confirmPassword', generated, { shouldTouch: true });
          queueMicrotask(() => void trigger(['administratorPassword', 'confirmPassword']));
          return generated;
        }}
        description="Keep it somewhere safe: it is not shown again after the server was created."
      />
      <PasswordField
        label="Confirm password"
        required
        name="confirmPassword"
        value={confirm.value}
        onBlur={confirm.onBlur}
        onChange={confirm.type}
        error={confirm.error}
      />
    </Section>
  );
}

/** Of the four kinds three are needed: said once, in front of them. */
function ruleWords(password: string) {
  const [length, ...kinds] = passwordRules(password);
  const met = kinds.filter((rule) => rule.met).length;
  return [length!, { label: `${Math.min(met, 3)} of 3 kinds:`, met: met >= 3 }, ...kinds];
}

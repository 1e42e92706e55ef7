import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServer } from '@/components/servers/use-server';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { PasswordField } from '@/components/ui/password-field';
import type { ServerKey } from '@/lib/arm/resource-id';
import { passwordProblem, passwordRules } from '@/lib/rules/names';
import { cryptoRandom, generatePassword } from '@/lib/rules/password-generator';
import { describeResetPassword } from '@/lib/rules/server-changes';

interface ResetPasswordPaneProps {
  server: ServerKey;
  run: BeginAction<[ServerKey, password: string]>;
  /** Why it can't be done now. */
  problem: string | undefined;
  onClose: () => void;
}

/** A new password for the administrator. It is kept nowhere: whoever sets it has to note it. There as long as it is open. */
export function ResetPasswordPane({ server, run, problem, onClose }: ResetPasswordPaneProps) {
  const login = useServer(server).data?.properties.administratorLogin ?? '';
  const change = useServerChange(server, run);
  const [password, setPassword] = useState('');
  const fault = passwordProblem(password, login)?.message;
  const apply = async () => {
    if (await change.submit(`Resetting the admin password of ${server.serverName}`, server, password)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Reset password"
      subtitle={`${login} on ${server.serverName}`}
      change={describeResetPassword(server)}
      applyLabel="Reset password"
      applyDisabledReason={problem ?? fault}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <p>Open sessions go on. New ones need the new password; it is not shown again after this.</p>
      <PasswordField
        label="New password"
        layout="stack"
        value={password}
        onChange={setPassword}
        rules={passwordRules(password)}
        generate={() => generatePassword(cryptoRandom)}
        error={password !== '' && fault ? fault : undefined}
      />
    </ChangePane>
  );
}

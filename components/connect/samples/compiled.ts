import { lines, quoted, shell, type Connection, type Sample } from './sample.ts';

const SET_PASSWORD = `read -rs MYSQL_PASSWORD && export MYSQL_PASSWORD`;
const TRUST_STORE = 'mysql-ca.p12';

export function java({ host, port, user, database, caFile }: Connection): Sample {
  const url = `jdbc:mysql://${host}:${port}/${encodeURIComponent(database)}`;
  const options = [
    'sslMode=VERIFY_IDENTITY',
    `trustCertificateKeyStoreUrl=file:${TRUST_STORE}`,
    'trustCertificateKeyStoreType=PKCS12',
    'trustCertificateKeyStorePassword=changeit',
  ];
  return {
    id: 'java',
    label: 'Java',
    prepare: lines(
      '# Java reads authorities from a trust store; the password of one that holds no secret does not matter.',
      `keytool -importcert -noprompt -alias mysql-ca -file ${shell(caFile)} -keystore ${TRUST_STORE} -storetype PKCS12 -storepass changeit`,
      '# Put mysql-connector-j.jar beside the program.',
    ),
    connectionString: { label: 'JDBC URL', code: `${url}?${options.join('&')}` },
    program: {
      file: 'Connect.java',
      code: lines(
        'import java.sql.DriverManager;',
        '',
        'class Connect {',
        '    public static void main(String[] arguments) throws Exception {',
        `        var url = ${quoted(url)}`,
        ...options.map((option, index) => `            + ${quoted(`${index === 0 ? '?' : '&'}${option}`)}`),
        '            ;',
        `        try (var connection = DriverManager.getConnection(url, ${quoted(user)}, System.getenv("MYSQL_PASSWORD"));`,
        '             var statement = connection.createStatement();',
        '             var rows = statement.executeQuery("SELECT VERSION(), CURRENT_USER()")) {',
        '            rows.next();',
        '            System.out.println(rows.getString(1) + " " + rows.getString(2));',
        '        }',
        '    }',
        '}',
      ),
    },
    run: `${SET_PASSWORD}\njava -cp mysql-connector-j.jar Connect.java`,
  };
}

export function dotnet({ host, port, user, database, caFile }: Connection): Sample {
  const value = (text: string) => (/[;'"=\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const parts = [
    `Server=${host}`,
    `Port=${port}`,
    `User ID=${value(user)}`,
    'Password=<password>',
    ...(database === '' ? [] : [`Database=${value(database)}`]),
    'SslMode=VerifyFull',
    `SslCa=${value(caFile)}`,
  ];
  return {
    id: 'dotnet',
    label: '.NET',
    prepare: 'dotnet new console --name connect && cd connect && dotnet add package MySqlConnector',
    connectionString: { label: 'Connection string', code: parts.join(';') },
    program: {
      file: 'Program.cs',
      code: lines(
        'using MySqlConnector;',
        '',
        'var settings = new MySqlConnectionStringBuilder',
        '{',
        `    Server = ${quoted(host)},`,
        `    Port = ${port},`,
        `    UserID = ${quoted(user)},`,
        '    Password = Environment.GetEnvironmentVariable("MYSQL_PASSWORD"),',
        database !== '' && `    Database = ${quoted(database)},`,
        '    SslMode = MySqlSslMode.VerifyFull,',
        `    SslCa = ${quoted(caFile)},`,
        '};',
        'await using var connection = new MySqlConnection(settings.ConnectionString);',
        'await connection.OpenAsync();',
        'await using var command = new MySqlCommand("SELECT VERSION(), CURRENT_USER()", connection);',
        'await using var reader = await command.ExecuteReaderAsync();',
        'await reader.ReadAsync();',
        'Console.WriteLine($"{reader.GetString(0)} {reader.GetString(1)}");',
      ),
    },
    run: `${SET_PASSWORD}\ndotnet run`,
  };
}

export function go({ host, port, user, database, caFile }: Connection): Sample {
  return {
    id: 'go',
    label: 'Go',
    prepare: 'go mod init connect && go get github.com/go-sql-driver/mysql',
    program: {
      file: 'main.go',
      code: lines(
        'package main',
        '',
        'import (',
        '\t"crypto/tls"',
        '\t"crypto/x509"',
        '\t"database/sql"',
        '\t"fmt"',
        '\t"log"',
        '\t"os"',
        '',
        '\t"github.com/go-sql-driver/mysql"',
        ')',
        '',
        'func main() {',
        `\tpem, err := os.ReadFile(${quoted(caFile)})`,
        '\tif err != nil {',
        '\t\tlog.Fatal(err)',
        '\t}',
        '\tauthorities := x509.NewCertPool()',
        '\tauthorities.AppendCertsFromPEM(pem)',
        '',
        '\tsettings := mysql.NewConfig()',
        '\tsettings.Net = "tcp"',
        `\tsettings.Addr = ${quoted(`${host}:${port}`)}`,
        `\tsettings.User = ${quoted(user)}`,
        '\tsettings.Passwd = os.Getenv("MYSQL_PASSWORD")',
        database !== '' && `\tsettings.DBName = ${quoted(database)}`,
        `\tsettings.TLS = &tls.Config{RootCAs: authorities, ServerName: ${quoted(host)}, MinVersion: tls.VersionTLS12}`,
        '',
        '\tconnector, err := mysql.NewConnector(settings)',
        '\tif err != nil {',
        '\t\tlog.Fatal(err)',
        '\t}',
        '\tdatabase := sql.OpenDB(connector)',
        '\tdefer database.Close()',
        '\tvar version, account string',
        '\tif err := database.QueryRow("SELECT VERSION(), CURRENT_USER()").Scan(&version, &account); err != nil {',
        '\t\tlog.Fatal(err)',
        '\t}',
        '\tfmt.Println(version, account)',
        '}',
      ),
    },
    run: `${SET_PASSWORD}\ngo run .`,
  };
}

using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Data.Sqlite;

namespace Crm.Integration.Benchmarks.Webhooks;

/// <summary>
/// The least that can be done: takes any POST, commits in groups into a table of bodies, and answers. No verification, no routes, no
/// replays, no limits. What is above it in the hub's time is the hub's own.
/// </summary>
internal static class BareServer
{
    /// <summary>The verb <c>hooks-bare FILE</c>.</summary>
    public static async Task<int> RunAsync(string file)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        using var writer = new GroupWriter(file);
        app.Use(next => async context =>
        {
            var read = await context.Request.BodyReader.ReadAtLeastAsync((int)context.Request.ContentLength!.Value);
            var body = read.Buffer.ToArray();
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            await writer.WriteAsync(body);
            context.Response.ContentLength = 0;
        });
        await app.StartAsync();
        Console.WriteLine($"listening on {string.Join(", ", app.Urls)}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private sealed class GroupWriter : IDisposable
    {
        private readonly object _gate = new();
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _insert;
        private List<(byte[] Body, TaskCompletionSource Done)> _waiting = [];
        private bool _ended;

        public GroupWriter(string file)
        {
            _connection = new SqliteConnection($"Data Source={file};Pooling=False");
            _connection.Open();
            Execute("pragma journal_mode = wal; pragma synchronous = full; create table if not exists hook (id integer primary key, body blob not null)");
            _insert = _connection.CreateCommand();
            _insert.CommandText = "insert into hook (body) values (@body)";
            _insert.Parameters.Add("@body", SqliteType.Blob);
            new Thread(Work) { IsBackground = true }.Start();
        }

        public Task WriteAsync(byte[] body)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _waiting.Add((body, done));
                Monitor.Pulse(_gate);
            }

            return done.Task;
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _ended = true;
                Monitor.Pulse(_gate);
            }
        }

        private void Work()
        {
            var batch = new List<(byte[] Body, TaskCompletionSource Done)>();
            while (true)
            {
                lock (_gate)
                {
                    while (_waiting.Count == 0 && !_ended)
                        Monitor.Wait(_gate);
                    if (_ended)
                        return;
                    (batch, _waiting) = (_waiting, batch);
                }

                Execute("begin immediate");
                foreach (var (body, _) in batch)
                {
                    _insert.Parameters[0].Value = body;
                    _insert.ExecuteNonQuery();
                }

                Execute("commit");
                foreach (var (_, done) in batch)
                    done.SetResult();
                batch.Clear();
            }
        }

        private void Execute(string sql)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}

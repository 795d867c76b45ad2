using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Integration.Connectors.Certification;
using Crm.Integration.Connectors.Contract;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Connectors.Webhook;

/// <summary>The rehearsal of <c>webhook</c>: a sender that signs what its users do.</summary>
internal sealed class WebhookFixture : ICertificationFixture
{
    private const string NothingToAsk = "the connector gives nothing when asked: its records come by webhooks, which H1 and its own tests prove";

    public IConnector Connector { get; } = new WebhookConnector();

    public IReadOnlyDictionary<string, string> Waivers => new Dictionary<string, string>
    {
        ["C1"] = "there is nobody to contact; a wrong secret shows when a request comes, as H1 proves",
        ["H2"] = NothingToAsk,
        ["H3"] = "there is nobody to ask for what was lost; the guide says what to do instead",
    };

    public Task<IRehearsal> BeginAsync(RehearsalPlace place, CancellationToken cancellationToken) => Task.FromResult<IRehearsal>(new Sender(place));

    private sealed class Sender(RehearsalPlace place) : IRehearsal
    {
        private const string Secret = "canary-webhook-secret";

        private readonly Dictionary<string, Dictionary<string, Value>> _records = new(StringComparer.Ordinal);
        private readonly List<WebhookRequest> _sent = [];

        public RehearsedStream Stream { get; } = new("customers", "id", "id", [new("name", n => $"Customer {n}"), new("city", n => n % 2 == 0 ? "上海" : "München")])
        {
            WebhookSecrets = ["secret"],
            SignsWebhooks = true,
            IsUntyped = true,
        };

        public TimeProvider Clock => place.Clock;

        public IReadOnlyList<string> Hosts => [];

        public Task SeedAsync(int records, CancellationToken cancellationToken)
        {
            _records.Clear();
            _sent.Clear();
            for (var n = 1; n <= records; n++)
                _records[$"C{n}"] = Stream.Fields.ToDictionary(field => field.Name, field => field.Sample(n), StringComparer.Ordinal);
            return Task.CompletedTask;
        }

        public Task<object> SettingsAsync(SettingsVariant variant, CancellationToken cancellationToken) => variant switch
        {
            SettingsVariant.Good => Task.FromResult<object>(Settings(Secret)),
            SettingsVariant.WrongWebhookSecret => Task.FromResult<object>(Settings("another-secret")),
            _ => throw new NotShownException("the connector contacts nobody"),
        };

        public Task<IReadOnlyList<RehearsedRecord>> RecordsAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<RehearsedRecord>>([.. _records.Select(record => new RehearsedRecord(record.Key, record.Value))]);

        public Task<string> CreateAsync(IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken)
        {
            var id = $"C{_records.Count + 1}";
            _records[id] = new(values, StringComparer.Ordinal);
            Send(id, "changed");
            return Task.FromResult(id);
        }

        public Task EditAsync(string id, IReadOnlyDictionary<string, Value> values, CancellationToken cancellationToken)
        {
            foreach (var (name, value) in values)
                _records[id][name] = value;
            Send(id, "changed");
            return Task.CompletedTask;
        }

        public Task DeleteAsync(string id, CancellationToken cancellationToken)
        {
            Send(id, "deleted");
            _records.Remove(id);
            return Task.CompletedTask;
        }

        public Task MergeAsync(string id, string loser, CancellationToken cancellationToken) => throw new NotShownException("this sender merges nothing");

        public Task BreakAsync(IReadOnlyList<RehearsedFault> faults, CancellationToken cancellationToken) =>
            faults.Count == 0 ? Task.CompletedTask : throw new NotShownException("a sender has no faults that reach the connector");

        public Task<RehearsalCounters> CountersAsync(CancellationToken cancellationToken) => Task.FromResult(new RehearsalCounters());

        public Task<IReadOnlyList<RehearsedCall>> CallsAsync(long since, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RehearsedCall>>([]);

        public Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<Uri> CatchWebhooksAsync(Func<WebhookRequest, WebhookVerdict> verify, CancellationToken cancellationToken) => Task.FromResult(new Uri("http://localhost/hooks/rehearsal"));

        public Task<IReadOnlyList<WebhookRequest>> WebhooksAsync(CancellationToken cancellationToken)
        {
            WebhookRequest[] sent = [.. _sent];
            _sent.Clear();
            return Task.FromResult<IReadOnlyList<WebhookRequest>>(sent);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static WebhookSettings Settings(string secret) => new()
        {
            Secret = secret,
            SignaturePrefix = "sha256=",
            TimestampHeader = "X-Timestamp",
            DeliveryIdHeader = "X-Delivery",
            Records = "data",
            DeletedWhen = "event = deleted",
        };

        private void Send(string id, string what)
        {
            var record = new JsonObject { ["id"] = id };
            foreach (var (name, value) in _records[id])
                record[name] = value.ToText();
            var body = Encoding.UTF8.GetBytes(new JsonObject { ["event"] = what, ["data"] = new JsonArray(record) }.ToJsonString());
            var now = Clock.GetUtcNow();
            var time = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), (byte[])[.. Encoding.UTF8.GetBytes(time + "."), .. body]));
            _sent.Add(new(
                Stream.Name,
                "POST",
                new Dictionary<string, string> { ["Content-Type"] = "application/json", ["X-Signature"] = "sha256=" + signature, ["X-Timestamp"] = time, ["X-Delivery"] = Guid.NewGuid().ToString() },
                new Dictionary<string, string>(),
                body,
                now));
        }
    }
}

using System.Text.Json.Nodes;
using Crm.Integration.Sandbox.Faults;
using Crm.Integration.Sandbox.Seeding;
using Crm.Integration.Sandbox.Traffic;
using Crm.Integration.Sandbox.Webhooks;

namespace Crm.Integration.Sandbox;

/// <summary>
/// A vendor's API, played with state. A new vendor is one folder with one class derived from this one, and one line in
/// <see cref="AllVendors"/>; it is written from the vendor's documentation, never from our connector, or both would share the same mistake.
/// <para>
/// <b>What the frame does.</b> Every call below <c>/{Name}</c> passes the <see cref="Gatekeeper"/>. It logs and counts the call by its
/// <see cref="KindOf"/>, holds it to the <see cref="Limits"/> (and asks the vendor to <see cref="RefuseAsync"/> in its own form), notes any
/// <c>Retry-After</c> the vendor answers and counts calls inside that window as violations, applies the faults that any HTTP server can
/// have (<see cref="FaultKinds.General"/>; asking the vendor to <see cref="FailAsync"/> in its own form), sets the <c>Date</c> header by
/// <see cref="Now"/> and answers paths that no route takes with <see cref="FailAsync"/> 404. The control API of
/// <c>/_sandbox/{Name}</c> is complete as it is; it calls the members of the section "what a user of the vendor does".
/// </para>
/// <para>
/// <b>What the vendor does.</b> It maps its routes (<see cref="Map"/>), keeps its records, checks tokens, and consults its
/// <see cref="Faults"/> for the kinds it lists in <see cref="OwnFaults"/>: <see cref="FaultBoard.Standing"/> for a state that lasts
/// (a field without rights), <see cref="Strikes"/> for what happens to a single call (a lock error). It counts what its API wrote on
/// <see cref="Counters"/> (never what <see cref="Create"/> and its siblings do: those are people), and enqueues
/// <see cref="Webhooks"/> for every change, whoever made it. Times of change come from <see cref="Now"/>, which knows of skewed clocks and late commits.
/// </para>
/// <para>
/// <b>Threads.</b> Whatever touches the vendor's state holds <see cref="Gate"/>; the frame holds it around all members of the last section.
/// Answers are built under it and written after it: no await inside.
/// </para>
/// <para>
/// <b>Size.</b> A million people must seed in seconds. <see cref="Person"/> computes each value on demand from (seed, index): keep the index
/// and the times, and the values of a record only once somebody changed it.
/// </para>
/// </summary>
internal abstract class Vendor
{
    private readonly LateCommits _late = new();
    private DateTimeOffset? _pretended;

    protected Vendor(TimeProvider time)
    {
        Clock = new SandboxClock(time);
        Rules = new TrafficRules(Clock);
        Webhooks = new WebhookOutbox(this);
    }

    /// <summary>The path prefix, and the name in the control API: lower case, one word.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the page at <c>/</c>: what is played, and which version of the API.</summary>
    public abstract string Title { get; }

    /// <summary>What the vendor itself allows an account.</summary>
    public abstract Limits OwnLimits { get; }

    /// <summary>The kinds of faults, besides <see cref="FaultKinds.General"/>, that this vendor can show. <c>expire-token</c>, <c>clock-skew</c>, <c>late-commit</c> and <c>drop-webhook</c> are done by the frame for all.</summary>
    public abstract IReadOnlyList<string> OwnFaults { get; }

    /// <summary>Held by whoever touches the vendor's state.</summary>
    public Lock Gate { get; } = new();

    public SandboxClock Clock { get; }

    public FaultBoard Faults { get; } = new();

    public Counters Counters { get; } = new();

    public RequestLog Log { get; } = new();

    /// <summary>Limits in force and what was used of them, for answers that tell the caller (remaining calls).</summary>
    public TrafficRules Rules { get; }

    public WebhookOutbox Webhooks { get; }

    /// <summary>The vendor's time: its clock with the skew in force; while a late commit becomes visible, the time at which it was made.</summary>
    public DateTimeOffset Now => _pretended ?? Clock.GetUtcNow().AddSeconds(Faults.Standing("clock-skew")?.Seconds ?? 0);

    /// <summary>Maps the API's routes; <paramref name="routes"/> already has the prefix.</summary>
    public abstract void Map(RouteGroupBuilder routes);

    /// <summary>What kind of call this is, by path and method: it decides how the call is counted and which faults it can meet.</summary>
    public abstract CallKind KindOf(HttpRequest request);

    /// <summary>Which window of <see cref="Limits.RequestsPerWindow"/> a call counts in; most vendors have one for all calls.</summary>
    public virtual string WindowOf(HttpRequest request) => "";

    /// <summary>Refuses a call that the limits forbid, in the vendor's own form and with its own status; with Retry-After where the vendor sends one.</summary>
    public abstract Task RefuseAsync(HttpContext context, Refusal refusal);

    /// <summary>Answers a status (401, 404, 500, 503 …) as this vendor would.</summary>
    public abstract Task FailAsync(HttpContext context, int status);

    /// <summary>All access tokens are void from now on.</summary>
    public abstract void ExpireTokens();

    /// <summary>Empties the account and fills it: people, one company for ten of them, and whatever else the vendor's usual account holds.</summary>
    public abstract void Reset(SeedPlan plan);

    /// <summary>The settings of a connection that works with this account.</summary>
    /// <param name="flow">The way of signing in, where there are several; null is the usual one, an unknown one returns null.</param>
    /// <param name="address">The vendor's address, prefix included, without a slash at the end.</param>
    public abstract JsonObject? Account(string? flow, string address);

    /// <summary>Changes the account: a public key, an edition. Throws <see cref="BadControlException"/> for what it does not know.</summary>
    public virtual void Configure(JsonObject settings) =>
        throw new BadControlException($"{Name} has nothing to set here.");

    // What a user of the vendor does, by the control API; and the view of an administrator who sees every field.

    /// <summary>The streams that hold records, by the names the API uses.</summary>
    public abstract IReadOnlyList<string> Streams { get; }

    /// <summary>All records of a stream, each as the vendor's JSON with all fields, and its id as <c>id</c> beside them.</summary>
    public abstract IEnumerable<JsonObject> Records(string stream);

    /// <summary>One record as in <see cref="Records"/>; null when there is none.</summary>
    public abstract JsonObject? Find(string stream, string id);

    /// <summary>An id that no record has had.</summary>
    public abstract string NewId(string stream);

    /// <summary>A user makes a record.</summary>
    public abstract void Create(string stream, string id, JsonObject fields);

    /// <summary>A user edits a record.</summary>
    public abstract void Update(string stream, string id, JsonObject fields);

    /// <summary>A user deletes a record, the usual way of the vendor's screens.</summary>
    public abstract void Delete(string stream, string id);

    /// <summary>A user merges two records; the loser goes.</summary>
    public virtual void Merge(string stream, string id, string loser) =>
        throw new BadControlException($"{Name} cannot merge records.");

    /// <summary>Other things a user can do (<c>POST records/{stream}/{id}/{verb}</c>), such as converting a lead; null for an unknown verb.</summary>
    public virtual JsonObject? Act(string verb, string stream, string id, JsonObject arguments) => null;

    /// <summary>How many records a stream holds.</summary>
    public virtual int CountOf(string stream) => Records(stream).Count();

    // Webhooks out.

    /// <summary>How many notices of one group a request may carry.</summary>
    public virtual int NoticesPerWebhook => 1;

    /// <summary>Whether a request that was not acknowledged is sent again (at the next flush).</summary>
    public virtual bool ResendsWebhooks => false;

    /// <summary>The request that tells of these changes, all of one group; without an address it goes where the notice or the control API says. Null sends nothing. Called under the gate.</summary>
    public virtual HttpRequestMessage? Pack(IReadOnlyList<Notice> notices) => throw new BadControlException($"{Name} sends no webhooks.");

    /// <summary>Whether the answer acknowledges; the body matters to some.</summary>
    public virtual bool Accepts(HttpResponseMessage response, string body) => response.IsSuccessStatusCode;

    /// <summary>The fault of this kind, if one strikes this call; counted as used, and named in the request log.</summary>
    public Fault? Strikes(string kind, HttpContext context)
    {
        var fault = Faults.Take(context.Request.Path.Value ?? "", kind);
        if (fault is not null)
            RequestLog.Note(context, kind);
        return fault;
    }

    /// <summary>Puts everything back to its start and seeds.</summary>
    internal void Start(SeedPlan plan)
    {
        Faults.Replace([]);
        Webhooks.Forget();
        Rules.Limits = OwnLimits;
        Rules.Forget();
        lock (Gate)
        {
            _late.Clear();
            Reset(plan);
        }

        Counters.Reset();
        Log.Clear();
    }

    /// <summary>A user's change: done now, or, under <c>late-commit</c>, visible so much later and dated now. Called under the gate.</summary>
    internal void Commit(Action change)
    {
        if (Faults.Standing("late-commit")?.Seconds is { } seconds)
            _late.Add(Clock.GetUtcNow().AddSeconds(seconds), Now, change);
        else
            change();
    }

    /// <summary>Makes visible what is due of the late commits.</summary>
    internal void Settle()
    {
        lock (Gate)
        {
            while (_late.Next(Clock.GetUtcNow()) is var (made, change) && change is not null)
            {
                _pretended = made;
                try
                {
                    change();
                }
                catch (BadControlException)
                {
                    // A transaction that fails when it commits is rolled back: nobody ever sees it.
                }
                finally
                {
                    _pretended = null;
                }
            }
        }
    }
}

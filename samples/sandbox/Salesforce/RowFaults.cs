using Crm.Integration.Sandbox.Faults;

namespace Crm.Integration.Sandbox.Salesforce;

/// <summary>The faults that strike the records of one writing call.</summary>
internal sealed class RowFaults
{
    private readonly Fault? _lock;
    private readonly Fault? _partial;
    private readonly Fault? _validation;
    private int _row;

    public RowFaults(Vendor vendor, HttpContext context)
    {
        _lock = vendor.Strikes("lock", context);
        _partial = vendor.Strikes("partial", context);
        _validation = vendor.Strikes("validation", context);
    }

    public void Restart() => _row = 0;

    /// <summary>What befalls the next record.</summary>
    public SaveError? Next(Draft draft, string? id)
    {
        _row++;
        if (_lock is not null && _row % (_lock.Every ?? 1) == 0)
            return new SaveError("UNABLE_TO_LOCK_ROW", $"unable to obtain exclusive access to this record or 1 records: {id ?? draft.Type.IdOf(1)}");
        if (_partial is not null && _row % (_partial.Every ?? 2) == 0)
            return new SaveError("FIELD_CUSTOM_VALIDATION_EXCEPTION", "This record does not meet the rules of the sales office.");
        if (_validation is { Field: { } field } && draft.Has(field))
            return new SaveError("FIELD_CUSTOM_VALIDATION_EXCEPTION", $"{field} is not as the sales office wants it.", field);
        return null;
    }
}

namespace Crm.Integration.Connectors.Http;

/// <summary>The quickest of the last answers to one kind of request; older ones are forgotten, so that a line or a system that has become slow is learnt anew.</summary>
internal sealed class QuickestAnswer
{
    private const int Remembered = 24;

    private TimeSpan _now = TimeSpan.MaxValue;
    private TimeSpan _before = TimeSpan.MaxValue;
    private int _count;

    public TimeSpan Took => _now < _before ? _now : _before;

    public void Note(TimeSpan took)
    {
        _now = took < _now ? took : _now;
        if (++_count < Remembered)
            return;
        (_before, _now, _count) = (_now, TimeSpan.MaxValue, 0);
    }
}

namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// Sorts what speaks for a pair of people by whose it is: a person's own, a household's, a firm's. What a household or a firm
/// shares agrees together, so the best of it counts in full and the rest in part.
/// </summary>
internal readonly struct Evidence
{
    private readonly double _shared, _bestHome, _bestFirm;

    /// <summary>Sorts the steps of a tally from a place on.</summary>
    /// <param name="tally">The steps.</param>
    /// <param name="start">The first of them.</param>
    /// <param name="otherName">Whether the given names are two people's: then mailbox and mobile are the household's as well.</param>
    public Evidence(in Tally tally, int start, bool otherName)
    {
        for (var i = start; i < tally.Count; i++)
        {
            var step = tally[i];
            if (step.Bits <= 0)
                continue;
            switch (step.Comparison)
            {
                case Comparison.Gender or Comparison.MiddleName or Comparison.Generation:
                    break;
                case Comparison.GivenName when step.Level is Level.Initial or Level.Truncated:
                    var own = Math.Min(2, step.Bits);
                    Own += own;
                    Given = own;
                    break;
                case Comparison.GivenName:
                    Name = Given = step.Bits;
                    Own += step.Bits;
                    break;
                case Comparison.Company:
                case Comparison.Email when step.Level is Level.Domain or Level.Role:
                    _shared += step.Bits;
                    _bestFirm = Math.Max(_bestFirm, step.Bits);
                    break;
                case Comparison.FamilyName:
                    Family = step.Bits;
                    _shared += step.Bits;
                    _bestHome = Math.Max(_bestHome, step.Bits);
                    break;
                case Comparison.Address:
                case Comparison.Phone when otherName || step.Level is Level.Line or Level.Same:
                case Comparison.Email when otherName:
                    Home += step.Bits;
                    _shared += step.Bits;
                    _bestHome = Math.Max(_bestHome, step.Bits);
                    break;
                default:
                    Own += step.Bits;
                    break;
            }
        }
    }

    /// <summary>What belongs to one person alone.</summary>
    public double Own { get; }

    /// <summary>What given names give that agree in more than an initial.</summary>
    public double Name { get; }

    /// <summary>What the given names give, be it for an initial.</summary>
    public double Given { get; }

    /// <summary>What given and family names give together.</summary>
    public double Names => Given + Family;

    /// <summary>What the family names give.</summary>
    public double Family { get; }

    /// <summary>What the home gives: address, landline, a mailbox for all.</summary>
    public double Home { get; }

    /// <summary>What speaks for the pair beside the names.</summary>
    public double Beyond => Together - Names;

    /// <summary>All that speaks for the pair.</summary>
    public double Together => Own + _shared;

    /// <summary>What to take away because it agrees together anyhow.</summary>
    /// <param name="share">What is left of the second and third agreement.</param>
    public double Overlap(double share) => -(1 - share) * (_shared - _bestHome - _bestFirm);
}

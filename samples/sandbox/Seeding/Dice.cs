namespace Crm.Integration.Sandbox.Seeding;

/// <summary>Chance without state: the same seed, index and salt give the same number on every machine and in every order.</summary>
internal static class Dice
{
    public static ulong Roll(int seed, int index, int salt)
    {
        // The finaliser of SplitMix64 over the three numbers: cheap, and good enough for names.
        var x = ((ulong)(uint)seed << 40) ^ ((ulong)(uint)index << 8) ^ (uint)salt;
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    public static int Below(int most, int seed, int index, int salt) => (int)(Roll(seed, index, salt) % (uint)most);

    public static T Pick<T>(T[] from, int seed, int index, int salt) => from[Below(from.Length, seed, index, salt)];
}

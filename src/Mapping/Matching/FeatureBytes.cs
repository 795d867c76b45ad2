using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Crm.Integration.Mapping.Records;

namespace Crm.Integration.Mapping.Matching;

/// <summary>
/// <see cref="MatchFeatures"/> as bytes, so that a stored record need not be parsed and normalised again each time another one is
/// compared with it. The bytes are a cache, nothing more: they carry a stamp of the program and the model that made them, and
/// what another one made is not read.
/// </summary>
public sealed class FeatureBytes
{
    private const int StampBytes = sizeof(uint);

    private readonly uint _stamp;

    /// <summary>The bytes of records of a type.</summary>
    /// <param name="type">The type; with other fields or roles, other bytes.</param>
    public FeatureBytes(EntityType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        // The build itself, not a number that somebody might forget to raise: any change of a reader changes what it makes.
        var build = typeof(FeatureBytes).Module.ModuleVersionId;
        _stamp = unchecked((uint)ContentHash.Of($"{build}|{type.Name}|{string.Join('|', type.Fields.Where(field => field.Role != FieldRole.None).Select(field => $"{field.Path}:{field.Type}:{field.Role}"))}"));
    }

    /// <summary>Writes features.</summary>
    /// <param name="features">The features.</param>
    /// <param name="output">Where they go.</param>
    public void Write(MatchFeatures features, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(output);
        var words = features.Company.Words ?? [];
        var narrow = Ascii.IsValid(features.Text);
        var head = new Head
        {
            Kind = features.Kind,
            Gender = features.Gender,
            Narrow = narrow,
            Emails = (byte)features.Emails.Length,
            Phones = (byte)features.Phones.Length,
            Words = (ushort)words.Length,
            Text = (ushort)features.Text.Length,
            Birth = features.Birth,
            NationalId = features.NationalId,
            TaxId = features.TaxId,
            RegistrationId = features.RegistrationId,
            Website = features.Website,
            HasName = IsSet(features.NameRef),
            HasCompany = features.CompanyRef.Words is not null || features.CompanyRef.IsKnown,
            HasWords = features.CompanyRef.Words is not null,
        };
        var length = StampBytes + Unsafe.SizeOf<Head>() + Unsafe.SizeOf<Address>() + Unsafe.SizeOf<PersonName>() + Unsafe.SizeOf<Slice>() + sizeof(ulong)
            + Size<Mailbox>(features.Emails) + Size<Phone>(features.Phones) + Size<CompanyWord>(words) + (features.Text.Length * sizeof(char));
        var all = output.GetSpan(length);
        var rest = all;
        BinaryPrimitives.WriteUInt32LittleEndian(rest, _stamp);
        rest = rest[StampBytes..];
        Put(ref rest, head);
        Put(ref rest, features.Address);
        if (head.HasName)
            Put(ref rest, features.Name);
        if (head.HasCompany)
        {
            Put(ref rest, features.Company.Core);
            Put(ref rest, features.Company.Hash);
        }

        Put<Mailbox>(ref rest, features.Emails);
        Put<Phone>(ref rest, features.Phones);
        Put<CompanyWord>(ref rest, words);
        if (narrow)
            rest = rest[Encoding.ASCII.GetBytes(features.Text, rest)..];
        else
            Put(ref rest, features.Text.AsSpan());
        output.Advance(all.Length - rest.Length);
    }

    /// <summary>Reads features.</summary>
    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    /// <returns>The features, or null when another program or model wrote them.</returns>
    public MatchFeatures? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < StampBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != _stamp)
            return null;
        var rest = bytes[StampBytes..];
        var head = Take<Head>(ref rest);
        var address = Take<Address>(ref rest);
        var name = head.HasName ? Take<PersonName>(ref rest) : default;
        var core = head.HasCompany ? Take<Slice>(ref rest) : default;
        var hash = head.HasCompany ? Take<ulong>(ref rest) : 0;
        var emails = Take<Mailbox>(ref rest, head.Emails);
        var phones = Take<Phone>(ref rest, head.Phones);
        var words = Take<CompanyWord>(ref rest, head.Words);
        var text = head.Narrow ? Encoding.ASCII.GetString(rest) : new string(MemoryMarshal.Cast<byte, char>(rest));
        return new MatchFeatures(text)
        {
            Kind = head.Kind,
            Gender = head.Gender,
            Name = name,
            Birth = head.Birth,
            Address = address,
            Company = new Company { Core = core, Hash = hash, Words = head.HasWords ? words : null },
            Emails = emails,
            Phones = phones,
            NationalId = head.NationalId,
            TaxId = head.TaxId,
            RegistrationId = head.RegistrationId,
            Website = head.Website,
        };
    }

    private static bool IsSet<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ContainsAnyExcept((byte)0);

    private static int Size<T>(T[] values)
        where T : unmanaged => values.Length * Unsafe.SizeOf<T>();

    private static void Put<T>(ref Span<byte> rest, in T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(rest, value);
        rest = rest[Unsafe.SizeOf<T>()..];
    }

    private static void Put<T>(ref Span<byte> rest, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static T Take<T>(ref ReadOnlySpan<byte> rest)
        where T : unmanaged
    {
        var value = MemoryMarshal.Read<T>(rest);
        rest = rest[Unsafe.SizeOf<T>()..];
        return value;
    }

    private static T[] Take<T>(ref ReadOnlySpan<byte> rest, int count)
        where T : unmanaged
    {
        if (count == 0)
            return [];
        var values = new T[count];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        rest[..bytes.Length].CopyTo(bytes);
        rest = rest[bytes.Length..];
        return values;
    }

    private struct Head
    {
        public BirthDate Birth;
        public Slice NationalId;
        public Slice TaxId;
        public Slice RegistrationId;
        public Slice Website;
        public ushort Words;
        public ushort Text;
        public PartyKind Kind;
        public Gender Gender;
        public byte Emails;
        public byte Phones;
        public bool Narrow;
        public bool HasName;
        public bool HasCompany;
        public bool HasWords;
    }
}

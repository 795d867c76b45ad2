using Crm.Integration.Mapping.Records;
using Crm.Integration.Mapping.Values;
using static Crm.Integration.Mapping.Maps.Functions.Declare;

namespace Crm.Integration.Mapping.Maps.Functions;

internal static class NameFunctions
{
    private const string Category = "names";

    private static readonly MapParameter s_order = new("order", MapParameterType.Text, Optional: true);

    public static IReadOnlyList<MapFunction> All { get; } =
    [
        Part("given", "The given name out of a whole name, whatever its form: Ann Lee, \"Lee, Ann\", LEE Ann, 张三. Titles and suffixes are left away. With 'family-first', the family name comes first even without a comma.",
            [Gives("'Dr. Ann Mary Lee' | given", "Ann"), Gives("'Lee, Ann' | given", "Ann"), Gives("'欧阳娜娜' | given", "娜娜"), Gives("'Nagy Anna' | given('family-first')", "Anna"), Gives("'Madonna' | given", null)], name => name.Given),
        Part("middle", "What stands between the given and the family name.", [Gives("'Ann Mary Lee' | middle", "Mary"), Gives("'Lee, Ann M.' | middle", "M."), Gives("'Ann Lee' | middle", null)], name => name.Middle),
        Part("family", "The family name out of a whole name, with its particles; a single word is taken for it.",
            [Gives("'Ludwig van Beethoven' | family", "van Beethoven"), Gives("'Lee, Ann' | family", "Lee"), Gives("'欧阳娜娜' | family", "欧阳"), Gives("'张三先生' | family", "张"), Gives("'Martin King Jr.' | family", "King")], name => name.Family),
        new(Category, "fullName", "The whole name of a given and a family name, in the order of its script. A middle name may follow as third.", [new("given"), new("family"), new("middle", Optional: true)],
            [Gives("fullName('三', '张')", "张三"), Gives("fullName('Ann', 'Lee', 'M.')", "Ann M. Lee"), Gives("fullName(null, 'Lee')", "Lee")],
            (given, rest) => Value.Text(PersonName.Compose(given.ToText(), rest[0].ToText(), rest.Length > 1 ? rest[1].ToText() : null))) { TakesNull = true },
        OfText(Category, "nameCase", "The usual capitals for a name that was typed in one case only; a name with both is left alone.",
            [Gives("'LUDWIG VAN BEETHOVEN' | nameCase", "Ludwig van Beethoven"), Gives("'ann o''neill-mcgregor' | nameCase", "Ann O'Neill-McGregor"), Gives("'DeVito' | nameCase", "DeVito")], NameCase.Person),
    ];

    private static MapFunction Part(string name, string summary, IReadOnlyList<MapExample> examples, Func<PersonName, string?> part) =>
        new(Category, name, summary, [Subject, s_order], examples, (rest, _) =>
        {
            var order = TextAt(rest, 0);
            if (order is not ("" or "family-first" or "given-first"))
                throw new MapArgumentException(0, $"'{order}' is no order of names", "Write 'family-first', or leave it out.");
            return OnText(text => part(PersonName.Parse(text, order == "family-first")));
        });
}

using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Tests.Values;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ann@example.org")]
    [InlineData("a.b+c@sub.example.co.uk")]
    [InlineData("o'neil@example.ie")]
    [InlineData("müller@müller.de")]
    [InlineData("张三@例子.中国")]
    [InlineData("x@example.xn--p1ai")]
    public void Mailboxes_are_valid(string text) => Assert.True(EmailAddress.IsValid(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("ann@")]
    [InlineData("@example.org")]
    [InlineData("ann@example")]
    [InlineData("ann@example.c")]
    [InlineData("ann@example.123")]
    [InlineData("ann@10.0.0.1")]
    [InlineData("ann..lee@example.org")]
    [InlineData(".ann@example.org")]
    [InlineData("ann.@example.org")]
    [InlineData("ann@example..org")]
    [InlineData("ann@-example.org")]
    [InlineData("ann@ex_ample.org")]
    [InlineData("ann lee@example.org")]
    [InlineData("ann@b@example.org")]
    [InlineData("ann@example.org,bob@example.org")]
    public void What_no_mail_could_reach_is_not(string? text) => Assert.False(EmailAddress.IsValid(text));

    [Fact]
    public void Lengths_are_limited()
    {
        Assert.True(EmailAddress.IsValid(new string('a', 64) + "@example.org"));
        Assert.False(EmailAddress.IsValid(new string('a', 65) + "@example.org"));
        Assert.False(EmailAddress.IsValid("a@" + new string('b', 64) + ".org"));
        Assert.False(EmailAddress.IsValid("a@" + string.Concat(Enumerable.Repeat("abcdefgh.", 30)) + "org"));
    }

    [Theory]
    [InlineData(" Ann.Lee@Example.ORG ", "ann.lee@example.org")]
    [InlineData("mailto:ann@example.org?subject=hello", "ann@example.org")]
    [InlineData("Ann Lee <ann@example.org>", "ann@example.org")]
    [InlineData("\"Lee, Ann\" <ann@example.org>", "ann@example.org")]
    [InlineData("ann@example.org.", "ann@example.org")]
    [InlineData("ann@example.org;", "ann@example.org")]
    [InlineData("ａｎｎ＠ｅｘａｍｐｌｅ。ｏｒｇ", "ann@example.org")]
    [InlineData("ann @ example.org", "ann@example.org")]
    [InlineData("\u200Bann@example.org", "ann@example.org")]
    public void Parse_takes_the_address_out_of_what_was_typed(string text, string expected) => Assert.Equal(expected, EmailAddress.Parse(text));

    [Theory]
    [InlineData("none")]
    [InlineData("ann@example.org bob@example.org")]
    [InlineData("a b@example.org")]
    public void Parse_refuses_what_is_no_single_address(string text) => Assert.Null(EmailAddress.Parse(text));

    [Fact]
    public void An_address_in_order_comes_back_as_the_same_string()
    {
        var text = new string("ann@example.org");
        Assert.Same(text, EmailAddress.Parse(text));
    }
}

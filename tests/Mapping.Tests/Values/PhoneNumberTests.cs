using Crm.Integration.Mapping.Values;

namespace Crm.Integration.Mapping.Tests.Values;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("13800138000", "CN", "+8613800138000")]
    [InlineData("138-0013-8000", "CN", "+8613800138000")]
    [InlineData("010 1234 5678", "CN", "+861012345678")]
    [InlineData("(0571) 8765 4321", "CN", "+8657187654321")]
    [InlineData("+86 138 0013 8000", null, "+8613800138000")]
    [InlineData("0086-13800138000", "CN", "+8613800138000")]
    [InlineData("86 13800138000", "CN", "+8613800138000")]
    [InlineData("１３８００１３８０００", "CN", "+8613800138000")]
    [InlineData("＋８６１３８００１３８０００", null, "+8613800138000")]
    [InlineData("手机：13800138000", "CN", "+8613800138000")]
    [InlineData("010-12345678转123", "CN", "+861012345678")]
    [InlineData("(212) 555-0123", "US", "+12125550123")]
    [InlineData("1-212-555-0123 x45", "US", "+12125550123")]
    [InlineData("+1.212.555.0123 ext. 45", null, "+12125550123")]
    [InlineData("011 44 20 7946 0018", "US", "+442079460018")]
    [InlineData("020 7946 0018", "GB", "+442079460018")]
    [InlineData("+44 (0)20 7946 0018", "DE", "+442079460018")]
    [InlineData("0044 (0) 20 7946 0018", "GB", "+442079460018")]
    [InlineData("(020) 7946 0018", "GB", "+442079460018")]
    [InlineData("030/123456", "DE", "+4930123456")]
    [InlineData("+49 (0) 171 1234567", null, "+491711234567")]
    [InlineData("0171 – 123 45 67", "DE", "+491711234567")]
    [InlineData("Tel.: 0171 1234567", "DE", "+491711234567")]
    [InlineData("01 23 45 67 89", "FR", "+33123456789")]
    [InlineData("+33 (0)1 23 45 67 89", null, "+33123456789")]
    [InlineData("912 34 56 78", "ES", "+34912345678")]
    [InlineData("06 1234 5678", "IT", "+390612345678")]
    [InlineData("+39 06 1234 5678", "IT", "+390612345678")]
    [InlineData("347 123 4567", "IT", "+393471234567")]
    [InlineData("(11) 98765-4321", "BR", "+5511987654321")]
    [InlineData("011 98765-4321", "BR", "+5511987654321")]
    [InlineData("0 15 11 98765-4321", "BR", "+5511987654321")]
    [InlineData("03-1234-5678", "JP", "+81312345678")]
    [InlineData("090-1234-5678", "JP", "+819012345678")]
    [InlineData("098765 43210", "IN", "+919876543210")]
    [InlineData("98765 43210", "IN", "+919876543210")]
    [InlineData("(02) 9876 5432", "AU", "+61298765432")]
    [InlineData("0412 345 678", "AU", "+61412345678")]
    [InlineData("0011 49 30 123456", "AU", "+4930123456")]
    [InlineData("050 123 4567", "AE", "+971501234567")]
    [InlineData("04 234 5678", "AE", "+97142345678")]
    [InlineData("8 (912) 345-67-89", "RU", "+79123456789")]
    [InlineData("011 15 2345-6789", "AR", "+5491123456789")]
    [InlineData("+52 1 55 1234 5678", null, "+525512345678")]
    [InlineData("٠٥٠١٢٣٤٥٦٧", "AE", "+971501234567")]
    public void A_number_as_it_is_typed_becomes_E164(string text, string? country, string expected) =>
        Assert.Equal(expected, PhoneNumber.Parse(text, country));

    [Theory]
    [InlineData("", "CN")]
    [InlineData("-", "CN")]
    [InlineData("123", "CN")]
    [InlineData("000000", "CN")]
    [InlineData("0000000000", "US")]
    [InlineData("1-800-FLOWERS", "US")]
    [InlineData("call me", "US")]
    [InlineData("12345678", null)]
    [InlineData("13800138000, 13900139000", "CN")]
    [InlineData("+999 1234567", null)]
    [InlineData("2024-01-01", "US")]
    public void What_is_no_number_of_any_plan_is_refused(string text, string? country) => Assert.Null(PhoneNumber.Parse(text, country));

    [Fact]
    public void A_number_in_E164_form_comes_back_as_the_same_string()
    {
        var text = new string("+8613800138000");
        Assert.Same(text, PhoneNumber.Parse(text, "DE"));
    }

    [Theory]
    [InlineData("+8613800138000", "CN")]
    [InlineData("+12125550123", "US")]
    [InlineData("+14165550123", "CA")]
    [InlineData("+442079460018", "GB")]
    [InlineData("+441534234567", "JE")]
    [InlineData("+79123456789", "RU")]
    [InlineData("+77012345678", "KZ")]
    [InlineData("+390612345678", "IT")]
    [InlineData("+390669812345", "VA")]
    public void The_country_is_told_even_where_several_share_a_calling_code(string e164, string country) => Assert.Equal(country, PhoneNumber.CountryOf(e164));

    [Theory]
    [InlineData("+8613800138000", true)]
    [InlineData("+86138", false)]
    [InlineData("8613800138000", false)]
    [InlineData("+86 13800138000", false)]
    [InlineData("+", false)]
    [InlineData(null, false)]
    public void Possible_is_E164_that_fits_a_plan(string? e164, bool possible) => Assert.Equal(possible, PhoneNumber.IsPossible(e164));
}

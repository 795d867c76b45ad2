using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Crm.Integration.Hub.Configuration.Init;

/// <summary>
/// What people call the columns of customer data, in English, German, French, Spanish, Italian, Portuguese and Chinese.
/// Headers are compared in lower case without accents, blanks and punctuation: <c>Prénom</c>, <c>PRENOM</c> and <c>pre_nom</c> are one word.
/// </summary>
internal static class HeaderVocabulary
{
    private static readonly FrozenDictionary<string, Meaning> s_words = Words().ToFrozenDictionary(StringComparer.Ordinal);

    // Words that say whose or which, not what: "Mailing_Zip", "Customer E-Mail", "Address City".
    private static readonly FrozenSet<string> s_before = FrozenSet.ToFrozenSet(
    [
        "mailing", "billing", "shipping", "home", "private", "business", "work", "office", "contact", "customer", "cust", "client", "person", "personal",
        "primary", "main", "default", "current", "legal", "address", "addr", "adresse", "kunden", "kunde", "kontakt", "liefer", "rechnungs", "haupt", "privat",
        "principal", "principale", "cliente", "contacto", "contatto", "contato", "客户", "联系人", "收货", "主要", "常用",
    ], StringComparer.Ordinal);

    // What is left of "Phone 1", "Rating__c" and "City Name".
    private static readonly FrozenSet<string> s_behind = FrozenSet.ToFrozenSet(["c", "txt", "text", "str", "field", "value", "number", "name", "1", "01"], StringComparer.Ordinal);

    /// <summary>What a header means, or null.</summary>
    public static Meaning? Find(string header)
    {
        var words = Split(header);
        if (words.Count == 0)
            return null;
        if (s_words.TryGetValue(string.Concat(words), out var meaning))
            return meaning;

        // One filler after the other is taken from the front, then from the back, until what is left is known.
        for (var from = 0; from < words.Count; from++)
        {
            for (var to = words.Count; to > from; to--)
            {
                if (to < words.Count && !s_behind.Contains(words[to]))
                    break;
                if (s_words.TryGetValue(string.Concat(words.Skip(from).Take(to - from)), out meaning))
                    return meaning;
            }

            if (!s_before.Contains(words[from]))
                break;
        }

        return Unglue(words[0]);
    }

    /// <summary>The words of a header: cut at blanks, punctuation and humps, in lower case and without accents.</summary>
    public static IReadOnlyList<string> Split(string header)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var folded = header.Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormKD);
        for (var i = 0; i < folded.Length; i++)
        {
            var c = folded[i];
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
                continue;
            var hump = i > 0 && char.IsUpper(c) && char.IsLower(folded[i - 1]);
            if ((hump || !char.IsLetterOrDigit(c)) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            if (char.IsLetterOrDigit(c))
                word.Append(char.ToLowerInvariant(c));
        }

        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }

    // Chinese has no blanks to cut at: 客户手机 is "customer's" and "mobile".
    private static Meaning? Unglue(string word)
    {
        foreach (var filler in s_before)
        {
            if (filler[0] > '\u2E80' && word.Length > filler.Length && word.StartsWith(filler, StringComparison.Ordinal) && s_words.TryGetValue(word[filler.Length..], out var meaning))
                return meaning;
        }

        return null;
    }

    private static Dictionary<string, Meaning> Words()
    {
        var words = new Dictionary<string, Meaning>(StringComparer.Ordinal);
        void Add(Meaning meaning, string list)
        {
            foreach (var word in list.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                words.TryAdd(word, meaning);
        }

        Add(Meaning.Id, "id uid uuid guid key recordid rowid externalid sysid leadid memberid userid personid contactid personnr 编号 序号 会员号 会员编号 联系人编号 identifiant clave codice codigo");
        Add(Meaning.CustomerId, "customerid custid custno customerno customernumber custnumber customercode clientid clientno kundennr kundennummer kundenid kdnr kunnr debitor debitornr debitorennummer kundenno numeroclient numclient idclient codeclient nclient idcliente codigocliente numerocliente codicecliente clienteid 客户编号 客户号 客户id 客户编码 客户代码");
        Add(Meaning.AccountId, "accountid accountno accountnumber companyid organisationid organizationid firmennummer firmenid mandant parentid idsociete idempresa idazienda 公司编号 账户编号 企业编号");
        Add(Meaning.OrderNumber, "orderid orderno ordernumber ordernum invoiceno invoicenumber auftragsnummer auftragsnr auftragnr bestellnummer bestellnr rechnungsnummer belegnummer numerocommande ncommande idcommande numeropedido idpedido pedido numeroordine idordine 订单号 订单编号");
        Add(Meaning.GivenName, "firstname givenname fname forename christianname vorname vornamen prenom prenoms primernombre nombrepila primeironome nomeproprio nomedibattesimo 名 名字");
        Add(Meaning.MiddleName, "middlename middleinitial mname secondname middle zweitername segundonombre deuxiemeprenom secondonome nomedomeio");
        Add(Meaning.FamilyName, "lastname familyname surname lname sname nachname familienname zuname nomdefamille nomfamille patronyme apellido apellidos primerapellido cognome sobrenome apelido apelidos ultimonome 姓 姓氏");
        Add(Meaning.FullName, "fullname displayname completename contactname customername clientname personname name1 vollername kundenname kontaktname ansprechpartner nomcomplet nomprenom nometprenom nombrecompleto nombreyapellidos nomecompleto nomecognome nomeecognome 姓名 全名 客户姓名 客户名称 联系人 联系人姓名 收货人");
        Add(Meaning.SomeName, "name nom nombre nome");
        Add(Meaning.BirthDate, "birthdate dateofbirth dob birthday born bday geburtsdatum geburtstag gebdatum gebdat datenaissance datedenaissance neele fechanacimiento fechadenacimiento nacimiento datadinascita datanascita nascita datanascimento datadenascimento nascimento 出生日期 生日 出生年月");
        Add(Meaning.Gender, "gender sex geschlecht sexe genre sexo genero sesso genere 性别");
        Add(Meaning.Email, "email mail emailaddress mailaddress emailaddr mailadresse emailadresse epost courriel adressemail adresseemail adressecourriel correo correoelectronico direccionemail direccioncorreo postaelettronica indirizzoemail correioeletronico enderecoemail 邮箱 电子邮箱 电子邮件 邮件 邮箱地址 邮件地址");
        Add(Meaning.Phone, "phone telephone tel phonenumber telno telnr phoneno telephonenumber landline telefon telefonnummer telefonnr fon festnetz rufnummer numerotelephone numerodetelephone fixe telfixe telefono telefonofijo numerotelefono telefone telefonefixo 电话 电话号码 联系电话 座机 固定电话");
        Add(Meaning.Mobile, "mobile mobilephone cell cellphone mobilenumber mobileno mob handy handynummer mobil mobilnummer mobiltelefon mobiltel portable telportable telephoneportable telmobile movil telefonomovil celular telefonocelular cellulare telefonocellulare numerocellulare telemovel 手机 手机号 手机号码 移动电话");
        Add(Meaning.Street, "street address streetaddress address1 addressline1 addressline addr addr1 street1 line1 strasse strassehausnr strasseundhausnummer strassenr anschrift adresse adresse1 rue voie adressepostale direccion direccion1 calle domicilio indirizzo via endereco rua morada logradouro 地址 街道 详细地址 联系地址 通讯地址 收货地址");
        Add(Meaning.HouseNumber, "housenumber houseno streetnumber streetno hausnummer hausnr hnr numerorue numerovoie numerocivico civico 门牌号");
        Add(Meaning.Line2, "address2 addressline2 street2 addr2 line2 unit apartment apt suite floor adresszusatz zusatz complement complementadresse adresse2 direccion2 piso complemento interno 楼层 单元");
        Add(Meaning.City, "city town locality municipality ort stadt wohnort ville commune ciudad localidad poblacion municipio citta comune localita cidade 城市 市 所在城市");
        Add(Meaning.Region, "state region province county stateprovince provincestate stateregion statecode bundesland land1 kanton departement estado provincia comunidad regione uf 省份 省 州 所在省份 地区 省市");
        Add(Meaning.PostalCode, "zip zipcode postalcode postcode postal postcd plz postleitzahl codepostal cp codigopostal cap codicepostale cep codigopostale 邮编 邮政编码");
        Add(Meaning.PostalCodeAndCity, "postcity zipcity plzort cityzip zipandcity cpville codepostalville capcitta");
        Add(Meaning.Country, "country countrycode countryname nation land landkz laenderkennzeichen landcode pays codepays pais paese nazione stato 国家 国别 国家地区");
        Add(Meaning.Company, "company companyname organisation organization employer firm firma firmenname unternehmen arbeitgeber accountname account societe entreprise raisonsociale empresa compania razonsocial azienda societa ditta ragionesociale organizacao 公司 公司名称 单位 企业名称 单位名称 名称");
        Add(Meaning.JobTitle, "jobtitle title position role function jobposition designation stelle beruf funktion berufsbezeichnung poste fonction cargo puesto ruolo mansione funcao 职位 职务 职称");
        Add(Meaning.NationalId, "nationalid ssn socialsecuritynumber personalid idcard passport ausweisnummer dni nif codicefiscale cpf numerosecu 身份证 身份证号 身份证号码 证件号码");
        Add(Meaning.TaxId, "taxid taxnumber taxno vat vatno vatid vatnumber tin ein ustid ustidnr umsatzsteuerid steuernummer uid1 numerotva tva ntva rfc cif partitaiva piva cnpj nipc 税号 纳税人识别号");
        Add(Meaning.RegistrationId, "registrationid registrationnumber companynumber companyno registernumber handelsregister hrb siren siret 统一社会信用代码 信用代码 注册号");
        Add(Meaning.Website, "website web url homepage webseite internet siteweb site sitio sitioweb paginaweb sitoweb 网站 网址 官网");
        Add(Meaning.Industry, "industry sector branche secteur industria settore setor ramo 行业");
        Add(Meaning.Size, "size employees numberofemployees headcount mitarbeiter mitarbeiterzahl effectif empleados dipendenti funcionarios 规模 人数 员工数");
        Add(Meaning.Language, "language lang locale preferredlanguage sprache langue idioma lingua 语言");
        Add(Meaning.ConsentEmail, "consentemail emailconsent emailoptin optin newsletter marketingconsent acceptsmarketing subscribed emailmarketing einwilligung werbungerlaubt optinemail consentementemail consentimiento consenso 接受邮件 订阅");
        Add(Meaning.ConsentSms, "consentsms smsconsent smsoptin optinsms acceptssms 接受短信");
        Add(Meaning.Tags, "tags labels categories segments schlagworte etiquettes etiquetas etichette 标签");
        Add(Meaning.Notes, "notes note comments comment remark remarks memo notiz notizen bemerkung bemerkungen kommentar remarque remarques commentaire notas comentarios observaciones observacoes osservazioni 备注 说明");
        Add(Meaning.Modified, "modified lastmodified modifieddate lastmodifieddate modifiedat modifiedtime modifiedon updated updatedat lastupdated lastupdate updatedate updatetime changed changedat changedate lastchange lastchanged systemmodstamp geandert geandertam aenderungsdatum anderungsdatum letzteanderung modifiele datemodification datedemodification fechamodificacion actualizado datamodifica datamodificacao 更新时间 修改时间 更新日期 最后修改时间");
        Add(Meaning.OrderDate, "orderdate date datum orderedat purchasedate auftragsdatum bestelldatum datecommande fechapedido fecha dataordine datapedido 下单时间 订单日期 下单日期 日期");
        Add(Meaning.Amount, "amount total ordertotal totalamount grandtotal sum price betrag summe gesamtbetrag gesamt montant prixtotal importe monto importo totale valor 金额 总金额 订单金额 总价");
        Add(Meaning.Currency, "currency currencycode wahrung waehrung devise moneda divisa valuta moeda 币种 货币");
        Add(Meaning.Status, "status orderstatus zustand statut etat estadopedido 状态 订单状态");
        return words;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>The attributes of contracts and their methods as the source has them.</summary>
internal static class ContractAttributes
{
    /// <summary>The attributes of <paramref name="member"/> that are called <paramref name="name"/>, with or without the ending.</summary>
    public static IEnumerable<AttributeSyntax> Of(MemberDeclarationSyntax member, string name)
        => member.AttributeLists.SelectMany(list => list.Attributes).Where(attribute => Is(attribute, name));

    /// <summary>Whether an attribute is called <paramref name="name"/>, with or without the ending.</summary>
    public static bool Is(AttributeSyntax attribute, string name)
    {
        string last = attribute.Name switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => "",
        };
        return last == name || last == name + "Attribute";
    }

    /// <summary>The string that an attribute is given, or null.</summary>
    public static string? TextOf(AttributeSyntax attribute)
        => attribute.ArgumentList?.Arguments is [{ Expression: LiteralExpressionSyntax { Token.Value: string text } }] ? text : null;

    /// <summary>An attribute with one string; its name is shortened where the usings allow it.</summary>
    public static AttributeSyntax Create(string fullName, string text)
        => SyntaxFactory.Attribute(Declarations.Name(fullName), Arguments(text));

    /// <summary>The same attribute with another string.</summary>
    public static AttributeSyntax WithText(AttributeSyntax attribute, string text)
        => attribute.WithArgumentList(Arguments(text));

    /// <summary>Puts an ALPN before the others of a contract, in the list that has the first of them.</summary>
    public static InterfaceDeclarationSyntax WithNewestAlpn(InterfaceDeclarationSyntax contract, string alpn)
    {
        AttributeSyntax newest = Of(contract, "Alpn").First();
        var list = (AttributeListSyntax)newest.Parent!;
        AttributeSyntax added = WithText(newest, alpn);
        return contract.ReplaceNode(list, list.WithAttributes(list.Attributes.Insert(list.Attributes.IndexOf(newest), added)));
    }

    /// <summary>Leaves a contract with one ALPN in place of all that it had, and its methods without the versions that go with them.</summary>
    public static InterfaceDeclarationSyntax WithOnlyAlpn(InterfaceDeclarationSyntax contract, string alpn)
    {
        AttributeSyntax newest = Of(contract, "Alpn").First();
        contract = contract.ReplaceNode(newest, WithText(newest, alpn));
        IEnumerable<AttributeSyntax> stale = Of(contract, "Alpn").Skip(1)
            .Concat(contract.Members.SelectMany(member => Of(member, "Since")));
        IEnumerable<SyntaxNode> removed = [.. stale.Select(attribute
            => (SyntaxNode)(attribute.Parent is AttributeListSyntax { Attributes.Count: 1 } list ? list : attribute))];
        return contract.RemoveNodes(removed, SyntaxRemoveOptions.KeepLeadingTrivia | SyntaxRemoveOptions.AddElasticMarker)!;
    }

    private static AttributeArgumentListSyntax Arguments(string text)
        => SyntaxFactory.AttributeArgumentList([SyntaxFactory.AttributeArgument(
            SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(text)))]);
}

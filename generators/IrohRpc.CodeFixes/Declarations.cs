using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace IrohRpc.CodeFixes;

/// <summary>Changes to declarations that keep the comments and the layout around them.</summary>
internal static class Declarations
{
    /// <summary>The outermost of <paramref name="type"/> and the types around it, with all of them partial.</summary>
    public static (SyntaxNode Before, SyntaxNode After) MakePartial(TypeDeclarationSyntax type, Func<TypeDeclarationSyntax, TypeDeclarationSyntax>? change = null)
    {
        TypeDeclarationSyntax before = type;
        TypeDeclarationSyntax after = WithPartial(change?.Invoke(type) ?? type);
        while (before.Parent is TypeDeclarationSyntax parent)
        {
            after = WithPartial(parent.ReplaceNode(before, after));
            before = parent;
        }

        return (before, after);
    }

    /// <summary>Adds an attribute on a line of its own above <paramref name="member"/>.</summary>
    public static TMember WithAttribute<TMember>(TMember member, AttributeSyntax attribute)
        where TMember : MemberDeclarationSyntax
    {
        SyntaxTriviaList leading = member.GetLeadingTrivia();
        SyntaxTriviaList indentation = [.. leading.Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse()];
        SyntaxTrivia newLine = member.SyntaxTree.GetText().ToString().Contains("\r\n") ? SyntaxFactory.CarriageReturnLineFeed : SyntaxFactory.LineFeed;
        AttributeListSyntax list = SyntaxFactory.AttributeList([attribute]).WithLeadingTrivia(leading).WithTrailingTrivia(newLine);
        var bare = (TMember)member.WithLeadingTrivia(indentation);
        return (TMember)bare.WithAttributeLists(bare.AttributeLists.Insert(0, list));
    }

    /// <summary>A name in full, which the editor shortens where the usings allow it.</summary>
    public static NameSyntax Name(string fullName)
        => SyntaxFactory.ParseName("global::" + fullName).WithAdditionalAnnotations(Simplifier.Annotation, Simplifier.AddImportsAnnotation);

    private static TypeDeclarationSyntax WithPartial(TypeDeclarationSyntax type)
    {
        if (type.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            return type;
        }

        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (type.Modifiers.Count > 0)
        {
            return type.AddModifiers(partial);
        }

        return type.WithKeyword(type.Keyword.WithLeadingTrivia()).AddModifiers(partial.WithLeadingTrivia(type.Keyword.LeadingTrivia));
    }
}

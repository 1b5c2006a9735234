using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>What a compiled type says about its layout in memory. Its attributes are flags and tables of their own there, which symbols do not show.</summary>
internal static class MetadataLayout
{
    /// <summary>The declared layout of <paramref name="type"/>; null where it is not from metadata.</summary>
    public static DeclaredLayout? Of(INamedTypeSymbol type)
    {
        if (type.OriginalDefinition.ContainingModule?.GetMetadata() is not { } metadata)
        {
            return null;
        }

        MetadataReader reader = metadata.GetMetadataReader();
        TypeDefinition definition = reader.GetTypeDefinition(MetadataTokens.TypeDefinitionHandle(RowOf(type.OriginalDefinition)));
        TypeLayout layout = definition.GetLayout();
        var result = new DeclaredLayout(
            (definition.Attributes & TypeAttributes.LayoutMask) == TypeAttributes.AutoLayout, layout.PackingSize, layout.IsDefault ? 0 : layout.Size);
        GC.KeepAlive(metadata);
        return result;
    }

    /// <summary>The offset that the declaration gives <paramref name="field"/>; null where it gives none, or the field is not from metadata.</summary>
    public static int? OffsetOf(IFieldSymbol field)
    {
        if (field.OriginalDefinition.ContainingModule?.GetMetadata() is not { } metadata)
        {
            return null;
        }

        int offset = metadata.GetMetadataReader().GetFieldDefinition(MetadataTokens.FieldDefinitionHandle(RowOf(field.OriginalDefinition))).GetOffset();
        GC.KeepAlive(metadata);
        return offset < 0 ? null : offset;
    }

    /// <summary>The row of a symbol in the table of its kind.</summary>
    public static int RowOf(ISymbol symbol) => symbol.MetadataToken & 0xffffff;
}

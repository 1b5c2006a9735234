using IrohRpc.Generators.Parsing;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports types that code of the user's writes and that nobody has named for it: their ids cover a name that stays when the bytes change.</summary>
internal static class UnnamedForms
{
    public static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind is TypeKind.Class or TypeKind.Struct && !KnownTypes.Attributes(type, "WireNameAttribute").Any()
            && MemoryPackType.TryRead(type, out MemoryPackType? packed) && packed!.Kind == MemoryPackKind.Custom)
        {
            context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.UnnamedForm, type.Locations[0], type.Name));
        }
    }
}
